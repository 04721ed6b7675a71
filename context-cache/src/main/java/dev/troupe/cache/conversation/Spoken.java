package dev.troupe.cache.conversation;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.TokenIds;

/**
 * The tokens in which a model said a text. Reading the text again may give others, and only these are in the prefix cache.
 *
 * @param fingerprint of the model: to another one they mean nothing
 */
public record Spoken(String fingerprint, TokenIds tokens) {
    public Spoken {
        requireNonNull(fingerprint);
        requireNonNull(tokens);
    }
}
