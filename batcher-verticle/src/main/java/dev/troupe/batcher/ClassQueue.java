package dev.troupe.batcher;

import dev.troupe.batcher.fair.ServiceCounters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who waits in one class of priority: the Virtual Token Counter's queue. Of the tenant with the least counter the request that came first. */
final class ClassQueue {
    private final ServiceCounters counters;
    private final Map<String, TreeMap<Long, Sequence>> byTenant = new LinkedHashMap<>();
    /** How fast each comes to run that waits: slower than all together, since others come between. */
    private final Map<String, Pace> paces = new HashMap<>();
    /** What it has is what a newcomer begins with when nobody waits. */
    private Optional<String> lastToLeave = Optional.empty();

    ClassQueue(ServiceCounters counters) {
        this.counters = counters;
    }

    /** A tenant that did not wait gets no credit for it. */
    void add(Sequence sequence) {
        if (!byTenant.containsKey(sequence.tenant())) {
            counters.raise(sequence.tenant(), least());
            paces.put(sequence.tenant(), new Pace());
        }
        byTenant.computeIfAbsent(sequence.tenant(), tenant -> new TreeMap<>()).put(sequence.id(), sequence);
    }

    void remove(Sequence sequence) {
        TreeMap<Long, Sequence> own = byTenant.get(sequence.tenant());
        if (own != null && own.remove(sequence.id()) != null && own.isEmpty()) {
            byTenant.remove(sequence.tenant());
            paces.remove(sequence.tenant());
            lastToLeave = Optional.of(sequence.tenant());
        }
    }

    /** A sequence has got its slot. */
    void takes(Sequence sequence, long nowMillis) {
        remove(sequence);
        Optional.ofNullable(paces.get(sequence.tenant())).ifPresent(pace -> pace.started(true, nowMillis));
    }

    /** @return how long a tenant's next request will wait as fast as its others come to run; 0 when that is not known */
    long waitMillis(String tenant) {
        return Optional.ofNullable(paces.get(tenant))
                .map(pace -> pace.waitMillis(size(tenant)))
                .orElse(0L);
    }

    /** @return the next in order among those that could run now */
    Optional<Sequence> next(Predicate<Sequence> runnable) {
        return byTenant.values().stream()
                .flatMap(own -> own.values().stream().filter(runnable).findFirst().stream())
                .min(Comparator.comparingDouble((Sequence sequence) -> counters.of(sequence.tenant()))
                        .thenComparingLong(Sequence::id));
    }

    /** @return what a tenant begins with that comes to wait here */
    double least() {
        return byTenant.keySet().stream().mapToDouble(counters::of).min().orElseGet(() -> lastToLeave
                .map(counters::of)
                .orElse(0.0));
    }

    boolean wasUsed() {
        return !byTenant.isEmpty() || lastToLeave.isPresent();
    }

    /** @return whether the tenant's counter is what others begin with, or will be */
    boolean needs(String tenant) {
        return byTenant.containsKey(tenant)
                || lastToLeave.filter(tenant::equals).isPresent();
    }

    /** @return how many begin before a tenant's next request: all of its own, and of every other as many as fall due by the weights */
    long ahead(String tenant, int weight) {
        long own = size(tenant);
        long ahead = own;
        for (Map.Entry<String, TreeMap<Long, Sequence>> entry : byTenant.entrySet()) {
            if (!entry.getKey().equals(tenant)) {
                long due = ((own + 1) * weightOf(entry.getKey()) + weight - 1) / weight;
                ahead += Math.min(entry.getValue().size(), due);
            }
        }
        return ahead;
    }

    Set<String> tenants() {
        return byTenant.keySet();
    }

    int size(String tenant) {
        TreeMap<Long, Sequence> own = byTenant.get(tenant);
        return own == null ? 0 : own.size();
    }

    /** @return of a tenant that waits here, as its last request says */
    int weightOf(String tenant) {
        return byTenant.get(tenant).lastEntry().getValue().weight();
    }

    Stream<Sequence> all() {
        return byTenant.values().stream().flatMap(own -> own.values().stream());
    }

    int size() {
        return byTenant.values().stream().mapToInt(Map::size).sum();
    }
}
