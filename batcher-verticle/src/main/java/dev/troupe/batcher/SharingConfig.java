package dev.troupe.batcher;

/**
 * How a batcher uses the pool's memory of hot prefixes.
 *
 * @param on whether prefixes are offered and fetched at all
 * @param mostTokens of one fetch; a longer prefix is fetched up to there
 * @param mostWaitMillis that a sequence waits for its prefix; it never waits longer than computing would take
 * @param mostChunks that are known to be in the pool, and at most as many that wait to be offered
 * @param offerAgainMillis after which a chunk that is still hot is offered once more
 * @param plansBetweenExports while others decode; reading a chunk out takes part of a millisecond of their step
 */
public record SharingConfig(
        boolean on,
        int mostTokens,
        long mostWaitMillis,
        int mostChunks,
        long offerAgainMillis,
        int plansBetweenExports) {
    public static final SharingConfig DEFAULT = new SharingConfig(true, 2_048, 1_000, 4_096, 600_000, 8);

    /** Each replica for itself. */
    public static final SharingConfig OFF = new SharingConfig(false, 2_048, 1_000, 4_096, 600_000, 8);

    public SharingConfig {
        positive("mostTokens", mostTokens);
        positive("mostWaitMillis", mostWaitMillis);
        positive("mostChunks", mostChunks);
        positive("offerAgainMillis", offerAgainMillis);
        positive("plansBetweenExports", plansBetweenExports);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
