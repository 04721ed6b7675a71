package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * What a batcher must know of its worker. The same for as long as the worker's process lives; a late one is told by the batcher's next
 * question.
 *
 * @param modelId id in the API
 * @param fingerprint what the weights are
 * @param contextLength tokens of prompt and answer at most
 * @param vocabSize token ids are below it
 * @param slabs of KV memory, for running sequences
 * @param slabTokens tokens in a slab; the longest sequence
 * @param blocks of KV memory, for cached prefixes
 */
public record ReplicaDescription(
        String modelId, String fingerprint, int contextLength, int vocabSize, int slabs, int slabTokens, int blocks) {

    public ReplicaDescription {
        notBlank("modelId", modelId);
        notBlank("fingerprint", fingerprint);
        atLeast("contextLength", contextLength, 2);
        atLeast("vocabSize", vocabSize, 1);
        atLeast("slabs", slabs, 1);
        atLeast("slabTokens", slabTokens, 2);
        atLeast("blocks", blocks, 0);
    }

    /**
     * Whether plans made for this worker run on another as they are: the same model, and no less memory, cut the same way. More does no
     * harm.
     */
    public boolean isServedBy(ReplicaDescription other) {
        return modelId.equals(other.modelId)
                && fingerprint.equals(other.fingerprint)
                && contextLength == other.contextLength
                && vocabSize == other.vocabSize
                && slabTokens == other.slabTokens
                && slabs <= other.slabs
                && blocks <= other.blocks;
    }
}
