package dev.troupe.bench.scale;

/**
 * What pool is looked at.
 *
 * @param sample how many replicas, drawn by chance, a request may go to beside those that hold a prefix of it; 0 for all, as the router does
 * @param cores that all replicas share, of {@code threads} each; 0 when each has a machine of its own
 * @param journalMembers processes that hold the journal
 */
record PoolPlan(
        ReplicaProfile profile,
        Costs costs,
        int replicas,
        int routers,
        Journal journal,
        int journalMembers,
        int sample,
        int cores,
        int threads) {

    /** Which operations of the journal a message of tokens brings about. */
    enum Journal {
        /** None. */
        OFF,
        /** One for each segment of 64 streams that has a token in it; streams go into segments as they come. */
        BY_ARRIVAL,
        /** The same, and a segment has streams of one replica only: so mostly one for each message. */
        BY_REPLICA
    }

    PoolPlan {
        if (replicas < 1 || routers < 1 || journalMembers < 1) {
            throw new IllegalArgumentException("a pool needs replicas, routers and members, not " + replicas + ", "
                    + routers + " and " + journalMembers);
        }
    }

    /** Each process on a machine of its own, with a journal on all of them. */
    static PoolPlan apart(ReplicaProfile profile, Costs costs, int replicas, int routers, Journal journal) {
        return new PoolPlan(profile, costs, replicas, routers, journal, replicas + routers, 0, 0, 0);
    }

    PoolPlan withSample(int newSample) {
        return new PoolPlan(profile, costs, replicas, routers, journal, journalMembers, newSample, cores, threads);
    }

    /** Everything on one machine. */
    static PoolPlan together(ReplicaProfile profile, Costs costs, int replicas, int cores, int threads) {
        return new PoolPlan(profile, costs, replicas, 1, Journal.OFF, 1, 0, cores, threads);
    }
}
