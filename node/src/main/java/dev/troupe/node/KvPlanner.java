package dev.troupe.node;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.worker.model.KvLayout;

/** Cuts memory into homes for running sequences and blocks for cached prefixes. */
final class KvPlanner {
    /** Below it, a sequence is too short to be of use. */
    private static final int SMALLEST_SLAB = 256;

    /** Two sizes of slot must be able to live side by side. */
    private static final int FEWEST_SLABS = 2;

    /** Whole blocks, and whole tiles of our own kernels. */
    private static final int SLAB_STEP = 2 * KvCopy.BLOCK_TOKENS;

    private KvPlanner() {}

    /** @return bytes of one token's keys and values: 2 × layers × kvHeads × headDim × bytes of a value */
    static long tokenBytes(ModelConfig config, int valueBytes) {
        return 2L * config.layers() * config.kvHeads() * config.headDim() * valueBytes;
    }

    /**
     * Three quarters for running sequences, the rest for prefixes. A slab holds the model's whole context if two such slabs fit; otherwise the
     * context is shortened by halves until they do.
     *
     * @param budget bytes
     * @param tokenBytes bytes of one token's keys and values
     * @throws UserError when not even short sequences fit
     */
    static KvLayout plan(int contextLength, long tokenBytes, long budget) {
        long tokens = budget / 4 * 3 / tokenBytes;
        int slabTokens = roundUp(contextLength);
        while (slabTokens * (long) FEWEST_SLABS > tokens && slabTokens > SMALLEST_SLAB) {
            slabTokens = roundUp(slabTokens / 2);
        }
        long slabs = tokens / slabTokens;
        if (slabs < FEWEST_SLABS) {
            long least = (long) FEWEST_SLABS * slabTokens * tokenBytes / 3 * 4;
            throw new UserError(
                    MemorySize.text(budget) + " of KV memory are too few for this model; give at least --kv-memory "
                            + ((least >> 20) + 1) + "m");
        }
        long blocks = (budget / tokenBytes - slabs * slabTokens) / KvCopy.BLOCK_TOKENS;
        return new KvLayout(Math.toIntExact(slabs), slabTokens, Math.toIntExact(blocks));
    }

    private static int roundUp(int tokens) {
        return (tokens + SLAB_STEP - 1) / SLAB_STEP * SLAB_STEP;
    }
}
