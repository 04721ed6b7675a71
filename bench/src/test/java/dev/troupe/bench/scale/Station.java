package dev.troupe.bench.scale;

import java.util.EnumMap;
import java.util.Map;

/** One server with a queue: an event loop, a partition's thread, a device. First come, first served. */
final class Station {
    private final Map<Cause, Long> offered = new EnumMap<>(Cause.class);
    private long freeAt;
    private long since;

    /** @return when a job that comes now is done; the job's nanoseconds count as work offered */
    long serve(long now, long nanos, Cause cause) {
        offered.merge(cause, nanos, Long::sum);
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
        return offered.getOrDefault(cause, 0L) / (double) (now - since);
    }

    double load(long now) {
        return offered.values().stream().mapToLong(Long::longValue).sum() / (double) (now - since);
    }
}
