package dev.troupe.models;

import java.util.Objects;
import java.util.Optional;

/**
 * What one needs to know of a model to speak to it without having it: a worker sends its card to routers in other
 * processes, which tokenize and render with it. {@link #encode} and {@link #decode} are its form on the wire.
 *
 * @param id the name in the API
 * @param fingerprint what tells these weights from others
 * @param contextLength tokens of prompt and answer together, at most
 * @param vocabSize rows of the embedding, above every token id
 * @param specialTokens the tokens that begin and end texts
 * @param tokenizer a Hugging Face {@code tokenizer.json}
 * @param chatTemplate the model's Jinja template; empty when it has none
 * @param licence of the weights; empty when unknown
 * @param created when the model came here, in seconds since 1970
 * @param defaults what its makers sample with
 */
public record ModelCard(
        String id,
        String fingerprint,
        int contextLength,
        int vocabSize,
        SpecialTokens specialTokens,
        CompressedJson tokenizer,
        Optional<String> chatTemplate,
        String licence,
        long created,
        GenerationDefaults defaults) {

    public ModelCard {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a model needs an id");
        }
        if (contextLength < 1 || vocabSize < 1 || created < 0) {
            throw new IllegalArgumentException("model '" + id + "': context length " + contextLength + ", vocabulary "
                    + vocabSize + " or creation time " + created + " is out of range");
        }
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(specialTokens, "specialTokens");
        Objects.requireNonNull(tokenizer, "tokenizer");
        Objects.requireNonNull(chatTemplate, "chatTemplate");
        Objects.requireNonNull(licence, "licence");
        Objects.requireNonNull(defaults, "defaults");
    }

    public byte[] encode() {
        return ModelCardCodec.encode(this);
    }

    /** @throws IllegalArgumentException when the bytes are not a card of a version that this code knows */
    public static ModelCard decode(byte[] bytes) {
        return ModelCardCodec.decode(bytes);
    }

    @Override
    public String toString() {
        return "ModelCard[" + id + ", " + fingerprint + ", context " + contextLength + ", vocabulary " + vocabSize
                + "]";
    }
}
