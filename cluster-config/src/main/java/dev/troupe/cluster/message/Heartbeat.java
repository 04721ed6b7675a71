package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import dev.troupe.cluster.tenant.Priority;
import java.util.List;
import java.util.Objects;

/**
 * Batcher to every router, published several times a second: I am here and this is my load. Lost: three missed in a row and the replica
 * is taken for dead. Late or reordered: an older {@code sequence} of the same incarnation is ignored.
 *
 * @param replicaId names {@link dev.troupe.cluster.Addresses#batcher}
 * @param nodeId the process it lives in, as the cluster names it
 * @param incarnation when this replica started, ms since the epoch; greater wins
 * @param sequence counts heartbeats
 * @param modelId id in the API
 * @param fingerprint what the weights are; replicas of one fingerprint stand in for each other
 * @param load in sequences and tokens
 * @param prefixes bounded digest of the cached prefixes: 64 bits of each block's chained hash, see {@code context-cache}
 */
public record Heartbeat(
        String replicaId,
        String nodeId,
        long incarnation,
        long sequence,
        State state,
        String modelId,
        String fingerprint,
        int contextLength,
        Load load,
        List<Long> prefixes) {

    public Heartbeat {
        notBlank("replicaId", replicaId);
        notBlank("nodeId", nodeId);
        Objects.requireNonNull(state);
        notBlank("modelId", modelId);
        notBlank("fingerprint", fingerprint);
        atLeast("contextLength", contextLength, 1);
        Objects.requireNonNull(load);
        prefixes = List.copyOf(prefixes);
    }

    /** The order is part of the wire form: append only. */
    public enum State {
        /** Admits. */
        READY,
        /** Ends what it has and admits nothing. */
        DRAINING,
        /** Has left; the last heartbeat. */
        GONE,
        /** Admits nothing and cannot go on with what it has, at least not soon: its streams move if there is another replica. */
        EVACUATING,
        /** As EVACUATING, since its worker has left the pool: of what it was computing then, something may be why. */
        WORKER_LOST
    }

    /**
     * @param running sequences in the batch
     * @param waiting sequences in the queue
     * @param outstandingTokens prompt tokens still to compute and tokens still to generate at most
     * @param kvUsage share of the KV memory in use, 0 to 1
     * @param full whose requests would be refused now, of which class: those of the longest queues, in bounded number
     */
    public record Load(int running, int waiting, long outstandingTokens, float kvUsage, List<Full> full) {
        public Load {
            full = List.copyOf(full);
        }

        /** Of a replica that refuses nobody. */
        public Load(int running, int waiting, long outstandingTokens, float kvUsage) {
            this(running, waiting, outstandingTokens, kvUsage, List.of());
        }
    }

    /**
     * Somebody for whom the queue is full.
     *
     * @param retryAfterMillis when it is worth another try
     */
    public record Full(String tenant, Priority priority, long retryAfterMillis) {
        public Full {
            notBlank("tenant", tenant);
            Objects.requireNonNull(priority);
            atLeast("retryAfterMillis", retryAfterMillis, 1);
        }
    }
}
