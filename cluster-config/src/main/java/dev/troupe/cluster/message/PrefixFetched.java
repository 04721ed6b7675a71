package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.wholeChunks;

/**
 * Worker to batcher, in answer to {@link PrefixFetch}.
 *
 * @param tokens where what is ready ends; the fetch's {@code fromToken} when the pool has nothing of it
 */
public record PrefixFetched(int tokens) {
    public PrefixFetched {
        atLeast("tokens", tokens, 0);
        wholeChunks("tokens", tokens);
    }
}
