package dev.troupe.batcher;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/** Who waits for a slot, and in which order: the place for a policy. */
interface WaitingQueue {
    void add(Sequence sequence);

    void remove(Sequence sequence);

    /** The next in order among those that could run now. When it finds no room, nobody after it is tried, so that nobody starves. */
    Optional<Sequence> next(Predicate<Sequence> runnable);

    Collection<Sequence> all();

    int size();
}
