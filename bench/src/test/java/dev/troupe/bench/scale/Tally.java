package dev.troupe.bench.scale;

/** What the clients see, of requests that came while it counts. */
final class Tally {
    private final PoolModel.Bounds bounds;
    private final Histogram firstTokens = new Histogram();
    private final Histogram gaps = new Histogram();
    private long from = Long.MAX_VALUE;
    private long until = Long.MAX_VALUE;
    private long asked;
    private long served;
    private long refused;
    private long counted;
    private long good;
    private long tokens;
    private long promptTokens;
    private long cachedTokens;

    Tally(PoolModel.Bounds bounds) {
        this.bounds = bounds;
    }

    void begin(long begin, long end) {
        from = begin;
        until = end;
    }

    void asked() {
        asked++;
    }

    /** @param gap since the same streams' last tokens, 0 when there are none */
    void tokens(int count, int first, long gap) {
        if (gap > 0 && from != Long.MAX_VALUE && count > first) {
            gaps.add(gap, (long) count - first);
        }
    }

    void over(Job job, boolean whole) {
        if (whole) {
            served++;
        } else {
            refused++;
        }
        if (job.arrived < from || job.arrived >= until) {
            return;
        }
        counted++;
        if (whole) {
            double perToken = job.perToken() / 1e6;
            double first = job.timeToFirst() / 1e6;
            firstTokens.add(job.timeToFirst(), 1);
            tokens += job.output;
            promptTokens += job.prompt.tokens();
            cachedTokens += job.cached();
            good += first <= bounds.firstToken() && perToken <= bounds.token() ? 1 : 0;
        }
    }

    boolean allOver() {
        return served + refused == asked;
    }

    Outcome outcome(double seconds, Outcome.Loads loads) {
        return new Outcome(
                asked,
                served,
                refused,
                counted / seconds,
                good / seconds,
                tokens / seconds,
                cachedTokens / (double) Math.max(1, promptTokens),
                firstTokens,
                gaps,
                loads);
    }
}
