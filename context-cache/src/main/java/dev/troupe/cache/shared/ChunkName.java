package dev.troupe.cache.shared;

import dev.troupe.cache.PrefixHash;
import java.util.Locale;

/**
 * Finds a chunk; whether it is the right one, {@link ChunkEntry} says.
 *
 * @param hash of the prefix that ends with the chunk
 * @param tokens of that prefix
 */
public record ChunkName(PrefixHash hash, int tokens) {
    private static final int HASH_DIGITS = 32;

    /** As text, for a map's key. */
    public String key() {
        return String.format(Locale.ROOT, "%016x%016x-%d", hash.high(), hash.low(), tokens);
    }

    /** @return the {@link #tokens} of a {@link #key} */
    static int tokensOf(String key) {
        return Integer.parseInt(key, HASH_DIGITS + 1, key.length(), 10);
    }
}
