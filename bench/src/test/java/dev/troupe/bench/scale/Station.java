package dev.troupe.bench.scale;

import java.util.EnumMap;
import java.util.Map;

/** One server with a queue: an event loop, a partition's thread, a device. First come, first served. */
final class Station {
    private final Map<Cause, Work> offered = new EnumMap<>(Cause.class);
    private long freeAt;
    private long since;

    private static final class Work {
        private long nanos;
    }

    /** @return when a job that comes now is done; the job's nanoseconds count as work offered */
    long serve(long now, long nanos, Cause cause) {
        offered.computeIfAbsent(cause, first -> new Work()).nanos += nanos;
        freeAt = Math.max(now, freeAt) + nanos;
        return freeAt;
    }

    /** Forgets what was offered so far, not what waits. */
    void count(long now) {
        offered.clear();
        since = now;
    }

    /** @return work offered for this cause over the time, as a share of what the server can do; from 1 on it does not keep up */
    double load(Cause cause, long now) {
        return offered.containsKey(cause) ? share(offered.get(cause), now) : 0;
    }

    double load(long now) {
        return offered.values().stream().mapToDouble(work -> share(work, now)).sum();
    }

    private double share(Work work, long now) {
        return work.nanos / (double) (now - since);
    }
}
