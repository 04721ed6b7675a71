package dev.troupe.bench.scale;

/** Many durations in few buckets, each one percent wider than the one before. */
final class Histogram {
    private static final double WIDTH = Math.log(1.01);
    /** Up to some hours. */
    private static final int BUCKETS = 3_200;

    private final long[] counts = new long[BUCKETS];
    private long total;

    void add(long nanos, long count) {
        int bucket = nanos <= 1 ? 0 : (int) (Math.log((double) nanos) / WIDTH);
        counts[Math.min(bucket, BUCKETS - 1)] += count;
        total += count;
    }

    long count() {
        return total;
    }

    /** @return milliseconds, within one percent; not a number where nothing was added */
    double millis(double percent) {
        long rank = (long) Math.ceil(percent / 100 * total);
        long below = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            below += counts[bucket];
            if (below >= rank && total > 0) {
                return Math.exp((bucket + 0.5) * WIDTH) / 1e6;
            }
        }
        return Double.NaN;
    }
}
