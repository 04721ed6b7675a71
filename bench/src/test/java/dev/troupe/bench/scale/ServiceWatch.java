package dev.troupe.bench.scale;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far apart the service of any two tenants drifts while both have requests that wait. */
final class ServiceWatch {
    private final List<FairRequest> owners;
    private final List<String> tenants;
    private final Map<String, Double> service = new HashMap<>();
    private final Map<String, Integer> waiting = new HashMap<>();
    private final Map<List<String>, Gap> gaps = new HashMap<>();
    private double widest;

    private static final class Gap {
        private boolean open;
        private double least;
        private double most;

        double width(boolean both, double difference) {
            least = open ? Math.min(least, difference) : difference;
            most = open ? Math.max(most, difference) : difference;
            open = both;
            return both ? most - least : 0;
        }
    }

    /** @param owners whose each request is, by its number: the trace before it was made one tenant's */
    ServiceWatch(List<FairRequest> owners) {
        this.owners = owners;
        this.tenants = owners.stream().map(FairRequest::tenant).distinct().toList();
    }

    private String owner(FairRequest request) {
        return owners.get(request.number()).tenant();
    }

    void waits(FairRequest request) {
        waiting.merge(owner(request), 1, Integer::sum);
    }

    void begins(FairRequest request) {
        waiting.merge(owner(request), -1, Integer::sum);
    }

    /** @param price of what it was given */
    void served(FairRequest request, double price) {
        FairRequest asked = owners.get(request.number());
        service.merge(asked.tenant(), price / asked.share().weight(), Double::sum);
    }

    void look() {
        List<String> seen = new ArrayList<>();
        for (String tenant : tenants) {
            for (String other : seen) {
                boolean both = waiting.getOrDefault(tenant, 0) > 0 && waiting.getOrDefault(other, 0) > 0;
                double difference = service.getOrDefault(tenant, 0.0) - service.getOrDefault(other, 0.0);
                Gap gap = gaps.computeIfAbsent(List.of(other, tenant), pair -> new Gap());
                widest = Math.max(widest, gap.width(both, difference));
            }
            seen.add(tenant);
        }
    }

    /** @return the largest difference in service, by price and weight, over any time in which both waited */
    double widest() {
        return widest;
    }
}
