package dev.troupe.batcher;

import dev.troupe.cluster.message.Attempt;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers, for a while and in bounded number, which attempts are over, so that a late duplicate does not start one again. */
final class EndedAttempts {
    private record Ended(int epoch, long atMillis) {}

    private final long memoryMillis;
    private final int memorySize;
    // In the order in which they ended.
    private final LinkedHashMap<String, Ended> byRequest = new LinkedHashMap<>();

    EndedAttempts(long memoryMillis, int memorySize) {
        this.memoryMillis = memoryMillis;
        this.memorySize = memorySize;
    }

    void add(Attempt attempt, long nowMillis) {
        Ended before = byRequest.remove(attempt.requestId());
        int epoch = before == null ? attempt.epoch() : Math.max(before.epoch, attempt.epoch());
        byRequest.put(attempt.requestId(), new Ended(epoch, nowMillis));
        if (byRequest.size() > memorySize) {
            byRequest.remove(byRequest.keySet().iterator().next());
        }
    }

    void forget(Attempt attempt) {
        byRequest.remove(attempt.requestId());
    }

    boolean holds(Attempt attempt) {
        Ended ended = byRequest.get(attempt.requestId());
        return ended != null && ended.epoch == attempt.epoch();
    }

    boolean holdsNewerThan(Attempt attempt) {
        Ended ended = byRequest.get(attempt.requestId());
        return ended != null && ended.epoch > attempt.epoch();
    }

    void expire(long nowMillis) {
        Iterator<Map.Entry<String, Ended>> oldest = byRequest.entrySet().iterator();
        while (oldest.hasNext() && oldest.next().getValue().atMillis + memoryMillis <= nowMillis) {
            oldest.remove();
        }
    }

    int size() {
        return byRequest.size();
    }
}
