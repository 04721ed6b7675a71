package dev.troupe.router.replica;

import dev.troupe.cluster.message.Heartbeat;
import java.util.Set;

/**
 * A replica as last heard of, with what this router has sent it since.
 *
 * @param prefixes digest of its cached prefixes
 * @param sentSequences given to it since the heartbeat
 * @param sentTokens of those
 */
public record Replica(Heartbeat heartbeat, Set<Long> prefixes, int sentSequences, long sentTokens) {
    public Replica {
        prefixes = Set.copyOf(prefixes);
    }

    static Replica of(Heartbeat heartbeat) {
        return new Replica(heartbeat, Set.copyOf(heartbeat.prefixes()), 0, 0);
    }

    Replica sent(int sequences, long tokens) {
        return new Replica(heartbeat, prefixes, sentSequences + sequences, sentTokens + tokens);
    }

    public ReplicaKey key() {
        return new ReplicaKey(heartbeat.replicaId(), heartbeat.incarnation());
    }

    public String id() {
        return heartbeat.replicaId();
    }

    boolean admits() {
        return switch (heartbeat.state()) {
            case READY -> true;
            case DRAINING, GONE, EVACUATING, WORKER_LOST -> false;
        };
    }

    int sequences() {
        return heartbeat.load().running() + heartbeat.load().waiting() + sentSequences;
    }

    long outstandingTokens() {
        return heartbeat.load().outstandingTokens() + sentTokens;
    }
}
