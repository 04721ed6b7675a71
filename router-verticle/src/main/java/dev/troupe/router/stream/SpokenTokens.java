package dev.troupe.router.stream;

import dev.troupe.cluster.message.TokenIds;
import java.util.Arrays;

/** The tokens of an answer as they come. */
final class SpokenTokens {
    private int[] tokens = new int[32];
    private int size;

    void add(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        tokens[size++] = token;
    }

    TokenIds toIds() {
        return TokenIds.of(Arrays.copyOf(tokens, size));
    }
}
