package dev.troupe.bench.scale;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a run gave.
 *
 * @param asked requests in all, warm-up and end included
 * @param requestsPerSecond that came while it counted, and are over
 * @param goodPerSecond of those
 * @param tokensPerSecond of those
 * @param cachedShare of their prompts' tokens, taken from a cache
 */
record Outcome(
        long asked,
        long served,
        long refused,
        double requestsPerSecond,
        double goodPerSecond,
        double tokensPerSecond,
        double cachedShare,
        Histogram firstToken,
        Histogram gaps,
        Loads loads) {

    /** Work offered to one kind of server, as a share of what it can do: of all of them in the mean, and of the busiest. */
    record Share(double mean, double most) {
        static Share of(List<Station> stations, ToDoubleFunction<Station> load) {
            return new Share(
                    stations.stream().mapToDouble(load).average().orElse(0),
                    stations.stream().mapToDouble(load).max().orElse(0));
        }
    }

    /**
     * @param device of the replicas
     * @param replicaBus the loop that speaks to the routers
     * @param routerReading the loop that reads the bus
     * @param routerLoop the loop that does the rest, and what it does there
     * @param routerElsewhere all other threads of a router's process, as a share of one core
     * @param journal threads of the partitions
     * @param journalOperations a second, in the whole pool
     */
    record Loads(
            Share device,
            Share replicaBus,
            Share routerReading,
            Share routerLoop,
            Share routerRequests,
            Share routerPlacement,
            Share routerTokens,
            Share routerHeartbeats,
            Share routerJournal,
            Share routerElsewhere,
            Share journal,
            double journalOperations) {

        static Loads of(
                List<Station> devices, List<Station> buses, List<RouterModel> routers, JournalModel journal, long now) {
            List<Station> reading = routers.stream().map(RouterModel::reading).toList();
            List<Station> loops = routers.stream().map(RouterModel::loop).toList();
            return new Loads(
                    all(devices, now),
                    all(buses, now),
                    all(reading, now),
                    all(loops, now),
                    Share.of(loops, loop -> loop.load(Cause.REQUESTS, now)),
                    Share.of(loops, loop -> loop.load(Cause.PLACEMENT, now)),
                    Share.of(loops, loop -> loop.load(Cause.TOKENS, now)),
                    Share.of(loops, loop -> loop.load(Cause.HEARTBEATS, now)),
                    Share.of(loops, loop -> loop.load(Cause.JOURNAL, now)),
                    all(routers.stream().map(RouterModel::elsewhere).toList(), now),
                    all(journal.servers(), now),
                    journal.operationsPerSecond(now));
        }

        private static Share all(List<Station> stations, long now) {
            return Share.of(stations, station -> station.load(now));
        }
    }
}
