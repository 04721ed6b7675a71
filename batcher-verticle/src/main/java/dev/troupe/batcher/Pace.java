package dev.troupe.batcher;

/**
 * How fast those who wait come to run for the first time, to tell how long somebody will wait. Measured only while somebody waits: else it would be how fast
 * requests come.
 */
final class Pace {
    /** In which what was measured counts by half, and a half of that by a quarter: long enough for a batch that starts all at once. */
    private static final double HALF_LIFE_MILLIS = 10_000;

    private double starts;
    private double millis;
    private long lastMillis;
    private boolean measuring;

    /** @param othersWait whether the time until the next start is one that somebody waits */
    void started(boolean othersWait, long nowMillis) {
        if (measuring) {
            long gap = nowMillis - lastMillis;
            double kept = Math.pow(0.5, gap / HALF_LIFE_MILLIS);
            starts = starts * kept + 1;
            millis = millis * kept + gap;
        }
        lastMillis = nowMillis;
        measuring = othersWait;
    }

    /** Those who waited have gone without having run. */
    void nobodyWaits() {
        measuring = false;
    }

    /**
     * @param ahead who runs before
     * @return milliseconds until whoever comes after them runs; 0 before anything was measured
     */
    long waitMillis(long ahead) {
        return starts == 0 ? 0 : Math.round(ahead * millis / starts);
    }
}
