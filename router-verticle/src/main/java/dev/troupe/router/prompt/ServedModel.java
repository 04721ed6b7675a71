package dev.troupe.router.prompt;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.TokenIds;
import dev.troupe.models.ModelCard;
import dev.troupe.models.chat.ChatTemplate;
import dev.troupe.models.tokenizer.Tokenizer;

/** What a router knows of a model, without having it. */
public record ServedModel(ModelCard card, Tokenizer tokenizer, ChatRenderer renderer) {
    private static final int SHORT_FINGERPRINT = 10;

    public ServedModel {
        requireNonNull(card);
        requireNonNull(tokenizer);
        requireNonNull(renderer);
    }

    /**
     * Makes tokenizer and template of a card; takes from tens of milliseconds to seconds.
     *
     * @throws dev.troupe.models.ModelFormatException when the card holds no tokenizer that works
     */
    public static ServedModel from(ModelCard card) {
        return new ServedModel(card, Tokenizer.from(card), new TemplateRenderer(ChatTemplate.from(card)));
    }

    public String id() {
        return card.id();
    }

    /** @return tokens that end an answer */
    public TokenIds stopTokens() {
        return TokenIds.of(card.specialTokens().eosIds().stream()
                .mapToInt(Integer::intValue)
                .toArray());
    }

    /** @return {@code fp_} and the beginning of the weights' fingerprint: same value, same backend */
    public String systemFingerprint() {
        String name = card.fingerprint().replaceAll("[^0-9A-Za-z]", "");
        return "fp_" + name.substring(0, Math.min(SHORT_FINGERPRINT, name.length()));
    }
}
