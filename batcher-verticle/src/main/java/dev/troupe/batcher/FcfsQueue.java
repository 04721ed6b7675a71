package dev.troupe.batcher;

import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** First come, first served. A preempted sequence came before all who have not run yet, so it returns to the front. */
final class FcfsQueue implements WaitingQueue {
    private final TreeMap<Long, Sequence> byArrival = new TreeMap<>();

    @Override
    public void add(Sequence sequence) {
        byArrival.put(sequence.id(), sequence);
    }

    @Override
    public void remove(Sequence sequence) {
        byArrival.remove(sequence.id());
    }

    @Override
    public Optional<Sequence> next(Predicate<Sequence> runnable) {
        return byArrival.values().stream().filter(runnable).findFirst();
    }

    @Override
    public Collection<Sequence> all() {
        return byArrival.values();
    }

    @Override
    public int size() {
        return byArrival.size();
    }
}
