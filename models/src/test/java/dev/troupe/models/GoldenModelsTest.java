package dev.troupe.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.models.chat.ChatMessage;
import dev.troupe.models.chat.ChatOptions;
import dev.troupe.models.chat.ChatTemplate;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.tokenizer.IncrementalDetokenizer;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.tokenizer.Tokenizer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The real models' vocabularies against the references of their makers' own tokenizers. The models are downloaded on first
 * use; without them these tests fail.
 */
class GoldenModelsTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void smolLm2TokenizesAsTheReference() throws IOException {
        ModelCard card = card("smollm2-135m-instruct");
        Tokenizer tokenizer = Tokenizer.from(card);
        JsonNode golden = golden("smollm2-135m-q4_1.json");

        assertThat(golden.path("tokenizer")).hasSize(18);
        for (JsonNode example : golden.path("tokenizer")) {
            String text = example.path("text").asText();
            assertThat(tokenizer.encode(text, true)).as(text).containsExactly(ids(example.path("ids")));
            String plain = text.replace("<|im_start|>", "").replace("<|im_end|>", "");
            assertThat(tokenizer.decode(ids(example.path("ids")))).isEqualTo(plain);
            assertThat(tokenizer.decode(tokenizer.encode(text, false))).isEqualTo(text);
        }
        assertThat(card.specialTokens().eosIds()).contains(2);
        assertThat(tokenizer.vocabSize()).isEqualTo(49152);
    }

    @Test
    void smolLm2RendersAndTokenizesChatsAsTheReference() throws IOException {
        ModelCard card = card("smollm2-135m-instruct");
        Tokenizer tokenizer = Tokenizer.from(card);
        ChatTemplate template = ChatTemplate.from(card);
        JsonNode golden = golden("smollm2-135m-q4_1.json");

        assertThat(golden.path("chat")).hasSize(12);
        assertThat(template.isDefault()).isFalse();
        for (JsonNode chat : golden.path("chat")) {
            List<ChatMessage> messages = new ArrayList<>();
            chat.path("messages")
                    .forEach(message -> messages.add(ChatMessage.of(
                            message.path("role").asText(),
                            message.path("content").asText())));
            String prompt = template.render(messages, ChatOptions.ANSWER);
            assertThat(prompt).isEqualTo(chat.path("prompt").asText());
            assertThat(tokenizer.encode(prompt, true)).containsExactly(ids(chat.path("prompt_ids")));
            assertThat(stream(tokenizer, chat.path("steps")))
                    .isEqualTo(chat.path("text").asText());
        }
    }

    @Test
    void gemmaTokenizesPromptsAsTheReference() throws IOException {
        ModelCard card = card("gemma-3-270m");
        Tokenizer tokenizer = Tokenizer.from(card);
        JsonNode golden = golden("gemma-3-270m-q4_k_m.json");

        assertThat(golden.path("completion")).hasSize(6);
        for (JsonNode completion : golden.path("completion")) {
            String prompt = completion.path("prompt").asText();
            assertThat(tokenizer.encodePrompt(prompt)).containsExactly(ids(completion.path("prompt_ids")));
            assertThat(tokenizer.decode(tokenizer.encodePrompt(prompt))).isEqualTo(prompt);
            assertThat(stream(tokenizer, completion.path("steps")))
                    .isEqualTo(completion.path("text").asText());
        }
        assertThat(card.specialTokens().eosIds()).containsExactly(1, 106);
        assertThat(ChatTemplate.from(card).isDefault()).isTrue();
    }

    private static String stream(Tokenizer tokenizer, JsonNode steps) {
        var stream = new IncrementalDetokenizer(tokenizer);
        var text = new StringBuilder();
        steps.forEach(step -> text.append(stream.accept(step.path("token").asInt())));
        return text.append(stream.finish()).toString();
    }

    /** By way of its bytes, as a router gets it. */
    private static ModelCard card(String id) throws IOException {
        var model = new ModelHub(HubConfig.fromEnvironment()).resolve(id, DownloadListener.SILENT);
        ModelCard card = TextParts.read(model.path()).card(model.id(), "f", 8192, 1 << 20, Instant.EPOCH);
        return ModelCard.decode(card.encode());
    }

    private static JsonNode golden(String name) throws IOException {
        try (var in = GoldenModelsTest.class.getResourceAsStream("/goldens/" + name)) {
            return MAPPER.readTree(in);
        }
    }

    private static int[] ids(JsonNode node) {
        var ids = new int[node.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = node.get(i).asInt();
        }
        return ids;
    }
}
