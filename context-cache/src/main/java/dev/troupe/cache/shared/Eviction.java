package dev.troupe.cache.shared;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Whose turn it is when the pool's chunks take too much memory. */
public final class Eviction {
    /** Chunks of one prefix are used together, if not within the same millisecond. */
    private static final long SAME_TIME_MILLIS = 10_000;

    private Eviction() {}

    /**
     * The longest unused first; of those used at about the same time the ends of the longest prefixes, since a chunk is of no use without
     * those before it.
     *
     * @param usedMillis by {@link ChunkName#key}, when it was last used
     */
    public static List<String> order(Map<String, Long> usedMillis) {
        return usedMillis.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Long> entry) -> entry.getValue() / SAME_TIME_MILLIS)
                        .thenComparing(entry -> ChunkName.tokensOf(entry.getKey()), Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
