package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.ModelCard;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.hub.ResolvedModel;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.router.api.ChatFields;
import dev.troupe.router.api.ChatRequest;
import dev.troupe.router.api.Json;
import dev.troupe.router.prompt.PromptPreparation;
import dev.troupe.router.prompt.ServedModel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The next turn's prompt begins with the last one's prompt and answer, id by id, with the default model's tokenizer and template. */
class ConversationTokensTest {
    private static final int CONTEXT = 2048;
    private static final String QUESTION = "Tell me about the sea.";
    private static final String ANSWER = "The sea is wide, blue and salty.";

    private static ServedModel model;
    private static PromptPreparation preparation;

    @BeforeAll
    static void readTheModel() throws Exception {
        ResolvedModel found = new ModelHub(HubConfig.of(new DataOption().directory()))
                .resolve(TroupeProcess.MODEL, new DownloadProgress(System.out, false));
        try (ModelWeights weights = ModelWeights.open(found.path())) {
            ModelCard card = TextParts.read(found.path())
                    .card(
                            found.id(),
                            weights.fingerprint(),
                            CONTEXT,
                            weights.config().vocab(),
                            Instant.EPOCH);
            model = ServedModel.from(card);
            preparation = new PromptPreparation(model, CONTEXT);
        }
    }

    @Test
    void answerReadAsItWasSaidIsThere() {
        TokenIds said = TokenIds.of(model.tokenizer().encode(ANSWER, true));

        assertThat(beginning(next(Optional.empty()), said)).isEqualTo(first().concat(said));
        assertThat(next(spoken(said))).isEqualTo(next(Optional.empty()));
    }

    @Test
    void answerSaidInOtherTokensThanItIsReadInIsThereAsItWasSaid() {
        TokenIds said = letterByLetter(ANSWER);

        assertThat(beginning(next(spoken(said)), said)).isEqualTo(first().concat(said));
        assertThat(beginning(next(Optional.empty()), said)).isNotEqualTo(first().concat(said));
        assertThat(model.tokenizer().decode(next(spoken(said)).toArray()))
                .isEqualTo(model.tokenizer().decode(next(Optional.empty()).toArray()));
    }

    @Test
    void answerThatBeginsWithWhatThePromptEndsWithIsThereToo() {
        String answer = "\n\n  Well,\n" + ANSWER + "\n";
        TokenIds said = TokenIds.of(model.tokenizer().encode(answer, true));

        assertThat(beginning(next(answer, spoken(said)), said)).isEqualTo(first().concat(said));
    }

    @Test
    void tokensThatAreNotTheTextOrAnotherModelsAreNotBelieved() {
        TokenIds plain = next(Optional.empty());

        assertThat(next(spoken(letterByLetter("The sea is dry.")))).isEqualTo(plain);
        assertThat(next(spoken(TokenIds.of(1_000_000)))).isEqualTo(plain);
        assertThat(next(Optional.of(new Spoken("another", letterByLetter(ANSWER)))))
                .isEqualTo(plain);
        String marked = ANSWER + "\uE0B50\uE0B5";
        assertThat(next(marked, spoken(letterByLetter(marked)))).isEqualTo(next(marked, Optional.empty()));
    }

    private static TokenIds first() {
        return preparation.prepare(chat(QUESTION), List.of()).get(0).tokens();
    }

    private static TokenIds next(Optional<Spoken> spoken) {
        return next(ANSWER, spoken);
    }

    private static TokenIds next(String answer, Optional<Spoken> spoken) {
        List<Item> history = List.of(item("user", QUESTION, Optional.empty()), item("assistant", answer, spoken));
        return preparation.prepare(chat("And ships?"), history).get(0).tokens();
    }

    private static TokenIds beginning(TokenIds prompt, TokenIds said) {
        return prompt.slice(0, first().size() + said.size());
    }

    private static Optional<Spoken> spoken(TokenIds tokens) {
        return Optional.of(new Spoken(model.card().fingerprint(), tokens));
    }

    private static TokenIds letterByLetter(String text) {
        TokenIds tokens = TokenIds.EMPTY;
        for (int i = 0; i < text.length(); i++) {
            tokens = tokens.concat(TokenIds.of(model.tokenizer().encode(text.substring(i, i + 1), true)));
        }
        return tokens;
    }

    private static Item item(String role, String text, Optional<Spoken> spoken) {
        return new Item("msg_" + role, "r", role, text, Optional.empty(), spoken);
    }

    private static ChatRequest chat(String text) {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        return ChatFields.read(Json.parse(body.getBytes(StandardCharsets.UTF_8)));
    }
}
