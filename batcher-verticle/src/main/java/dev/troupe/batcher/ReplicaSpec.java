package dev.troupe.batcher;

import dev.troupe.cluster.message.ReplicaDescription;
import java.util.Objects;

/**
 * The replica that a batcher serves.
 *
 * @param replicaId names its addresses
 * @param nodeId the process that the batcher lives in, as the cluster names it
 * @param modelId id in the API
 * @param fingerprint what the weights are
 * @param contextLength tokens of prompt and answer at most
 * @param vocabSize token ids are below it
 * @param kv memory of the worker
 */
public record ReplicaSpec(
        String replicaId,
        String nodeId,
        String modelId,
        String fingerprint,
        int contextLength,
        int vocabSize,
        KvPlan kv) {

    public ReplicaSpec {
        Objects.requireNonNull(replicaId);
        Objects.requireNonNull(nodeId);
        Objects.requireNonNull(modelId);
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(kv);
        if (contextLength < 2 || vocabSize < 1) {
            throw new IllegalArgumentException("a replica needs a context of at least 2 tokens and a vocabulary, not "
                    + contextLength + " and " + vocabSize);
        }
    }

    /** @param nodeId of the batcher, see {@link #nodeId} */
    public static ReplicaSpec of(String replicaId, String nodeId, ReplicaDescription worker) {
        return new ReplicaSpec(
                replicaId,
                nodeId,
                worker.modelId(),
                worker.fingerprint(),
                worker.contextLength(),
                worker.vocabSize(),
                new KvPlan(worker.slabs(), worker.slabTokens(), worker.blocks()));
    }

    /** @return the least that its worker must be */
    ReplicaDescription worker() {
        return new ReplicaDescription(
                modelId, fingerprint, contextLength, vocabSize, kv.slabs(), kv.slabTokens(), kv.blocks());
    }

    /**
     * How the worker's memory for keys and values is cut.
     *
     * @param slabs for running sequences
     * @param slabTokens tokens in a slab; the longest sequence
     * @param blocks for cached prefixes; 0 turns caching off
     */
    public record KvPlan(int slabs, int slabTokens, int blocks) {
        public KvPlan {
            if (slabs < 1 || slabTokens < 2 || blocks < 0) {
                throw new IllegalArgumentException(
                        "no such memory: " + slabs + " slabs of " + slabTokens + " tokens and " + blocks + " blocks");
            }
        }
    }
}
