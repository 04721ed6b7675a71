package dev.troupe.batcher;

/** How fast sequences end, to tell a refused user when to come back. */
final class Pace {
    private static final double WEIGHT_OF_NEWEST = 0.1;
    private static final long LEAST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 30_000;

    private double intervalMillis;
    private long lastEndMillis = -1;

    void ended(long nowMillis) {
        if (lastEndMillis >= 0) {
            intervalMillis += WEIGHT_OF_NEWEST * (nowMillis - lastEndMillis - intervalMillis);
        }
        lastEndMillis = nowMillis;
    }

    /** @return when about a quarter of a queue of this length will be gone, between a second and half a minute */
    long retryAfterMillis(int waiting) {
        return Math.max(LEAST_MILLIS, Math.min(MOST_MILLIS, Math.round(intervalMillis * waiting / 4)));
    }
}
