package dev.troupe.batcher;

import dev.troupe.batcher.fair.Price;
import dev.troupe.batcher.fair.ServiceCounters;
import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.tenant.Priority;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who waits for a slot, and in which order: the most urgent class first, and in it by a {@link ClassQueue}. So that no class starves, it rises
 * when whoever is next in it has waited long; classes that are as urgent as each other take turns. A preempted sequence came before all of its
 * tenant's that have not run yet, so it returns to their front.
 */
final class FairQueue {
    private final long ageMillis;
    private final ServiceCounters counters = new ServiceCounters();
    private final Map<Priority, ClassQueue> classes = new EnumMap<>(Priority.class);
    /** When each class had its last turn, by their number. */
    private final Map<Priority, Long> lastTurn = new EnumMap<>(Priority.class);

    private long turns;

    /** @param ageMillis after which a waiting sequence rises by a class */
    FairQueue(long ageMillis) {
        this.ageMillis = ageMillis;
        for (Priority priority : Priority.values()) {
            classes.put(priority, new ClassQueue(counters));
            lastTurn.put(priority, 0L);
        }
    }

    void add(Sequence sequence) {
        of(sequence.priority()).add(sequence);
    }

    void remove(Sequence sequence) {
        of(sequence.priority()).remove(sequence);
    }

    ClassQueue of(Priority priority) {
        return classes.get(priority);
    }

    /** The next in order among those that could run now. When it finds no room, nobody after it is tried, so that nobody starves. */
    Optional<Sequence> next(Predicate<Sequence> runnable, long nowMillis) {
        return classes.values().stream()
                .flatMap(queue -> queue.next(runnable).stream())
                .min(Comparator.comparing((Sequence sequence) -> urgency(sequence, nowMillis))
                        .thenComparing(sequence -> lastTurn.get(sequence.priority())));
    }

    /** @return the class that a waiting sequence has by now */
    Priority urgency(Sequence sequence, long nowMillis) {
        long waited = nowMillis - sequence.waitingSinceMillis();
        Priority own = sequence.priority();
        return waited < ageMillis
                ? own
                : waited / 2 < ageMillis ? own.raised() : own.raised().raised();
    }

    /** A sequence has got its slot. */
    void takes(Sequence sequence, long nowMillis) {
        sequence.runsAs(urgency(sequence, nowMillis));
        of(sequence.priority()).takes(sequence, nowMillis);
        turns++;
        lastTurn.put(sequence.priority(), turns);
    }

    /** It is its first, and it pays for its prompt at once: otherwise one tenant could begin many before any counts. */
    void begins(Sequence sequence) {
        double price = Price.ofPrompt(sequence.length(), sequence.computed());
        counters.charge(sequence.tenant(), sequence.weight(), price);
    }

    void generated(Sequence sequence) {
        counters.charge(sequence.tenant(), sequence.weight(), Price.GENERATED);
    }

    /** @return what the pool is to be told; {@link #heard} or {@link #unheard} must follow before the next */
    Map<String, ServiceReport> report() {
        double least = classes.values().stream()
                .filter(ClassQueue::wasUsed)
                .mapToDouble(ClassQueue::least)
                .min()
                .orElse(0);
        counters.forget(tenant -> classes.values().stream().anyMatch(queue -> queue.needs(tenant)), least);
        return counters.report(tenant ->
                classes.values().stream().anyMatch(queue -> queue.tenants().contains(tenant)));
    }

    /** @param totals the pool's counters after the last report */
    void heard(Map<String, Double> totals) {
        counters.heard(totals);
    }

    /** The pool has not answered the last report. */
    void unheard() {
        counters.unheard();
    }

    /** @return how many would begin before a tenant's next request, if nobody else came: all that are more urgent, and some of its class */
    long ahead(String tenant, Priority priority, int weight) {
        int moreUrgent = Stream.of(Priority.values())
                .filter(other -> other.compareTo(priority) < 0)
                .mapToInt(other -> of(other).size())
                .sum();
        return moreUrgent + of(priority).ahead(tenant, weight);
    }

    Collection<Sequence> all() {
        return classes.values().stream().flatMap(ClassQueue::all).toList();
    }

    int size() {
        return classes.values().stream().mapToInt(ClassQueue::size).sum();
    }
}
