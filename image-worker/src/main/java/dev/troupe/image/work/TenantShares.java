package dev.troupe.image.work;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each tenant was given, in row-steps divided by its weight: who has the least is next (the counters of Sheng and others: Fairness in
 * Serving Large Language Models, 2024, with steps of the network for tokens). Who comes to wait that did not gets no credit for it.
 */
final class TenantShares {
    private final Map<String, Double> given = new HashMap<>();

    double of(String tenant) {
        return given.getOrDefault(tenant, 0.0);
    }

    void charge(String tenant, int weight, int rows) {
        given.merge(tenant, (double) rows / weight, Double::sum);
    }

    /**
     * A tenant's picture comes.
     *
     * @param waiting tenants that have a picture which is in no pass
     * @param served tenants of the last pass
     */
    void arrives(String tenant, Set<String> waiting, Collection<String> served) {
        if (waiting.contains(tenant)) {
            return;
        }
        double present = waiting.isEmpty()
                ? served.stream().mapToDouble(this::of).max().orElse(0)
                : waiting.stream().mapToDouble(this::of).min().orElse(0);
        given.merge(tenant, present, Math::max);
    }

    /** Forgets who would begin with as much if he came back. */
    void forget(Set<String> present) {
        double least = present.stream().mapToDouble(this::of).min().orElse(Double.POSITIVE_INFINITY);
        given.entrySet().removeIf(entry -> !present.contains(entry.getKey()) && entry.getValue() <= least);
    }

    int size() {
        return given.size();
    }
}
