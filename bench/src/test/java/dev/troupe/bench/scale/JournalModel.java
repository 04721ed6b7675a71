package dev.troupe.bench.scale;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Hazelcast's partitions by the threads that serve them. There are 271, so no more than that many members can own one. A copy is on the next
 * member.
 */
final class JournalModel {
    private static final int PARTITIONS = 271;
    private static final int SEGMENT_STREAMS = 64;

    private final Agenda agenda;
    private final Costs costs;
    private final PoolPlan.Journal kind;
    private final boolean backed;
    private final List<Station> servers;
    private final SplittableRandom random;
    private long operations;
    private long since;

    JournalModel(Agenda agenda, PoolPlan plan, SplittableRandom random) {
        this.agenda = agenda;
        this.costs = plan.costs();
        this.kind = plan.journal();
        this.backed = plan.journalMembers() > 1;
        this.servers = Stream.generate(Station::new)
                .limit(Math.min(PARTITIONS, plan.journalMembers()))
                .toList();
        this.random = random;
    }

    /** @return operations that a message with so many tokens costs a router with so many streams; 0 when there is no journal */
    int operations(int tokens, int streams) {
        return switch (kind) {
            case OFF -> 0;
            case BY_REPLICA -> (tokens + SEGMENT_STREAMS - 1) / SEGMENT_STREAMS;
            case BY_ARRIVAL -> touched(tokens, (streams + SEGMENT_STREAMS - 1) / SEGMENT_STREAMS);
        };
    }

    /** How many of the segments are expected to have one of the tokens. */
    private static int touched(int tokens, int segments) {
        double expected = segments * (1 - Math.pow(1 - 1.0 / segments, tokens));
        return Math.max(1, (int) Math.round(expected));
    }

    /** Sends operations now, to entries anywhere, and runs what follows when the last answer is back. */
    void append(int count, Runnable then) {
        operations += count;
        long arrival = agenda.now() + Costs.nanos(costs.network());
        long owners = 0;
        int[] owned = new int[count];
        for (int i = 0; i < count; i++) {
            owned[i] = random.nextInt(servers.size());
            owners = Math.max(
                    owners, servers.get(owned[i]).serve(arrival, Costs.nanos(costs.journalOperation()), Cause.JOURNAL));
        }
        long done = owners;
        agenda.at(done, () -> backUp(owned, then));
    }

    private void backUp(int[] owned, Runnable then) {
        long done = agenda.now();
        if (backed) {
            long arrival = agenda.now() + Costs.nanos(costs.network());
            for (int owner : owned) {
                Station other = servers.get((owner + 1) % servers.size());
                done = Math.max(done, other.serve(arrival, Costs.nanos(costs.journalBackup()), Cause.JOURNAL));
            }
        }
        agenda.at(done + Costs.nanos(costs.network()), then);
    }

    double operationsPerSecond(long now) {
        return operations * 1e9 / (now - since);
    }

    List<Station> servers() {
        return servers;
    }

    void count(long now) {
        operations = 0;
        since = now;
        servers.forEach(server -> server.count(now));
    }
}
