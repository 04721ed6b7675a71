package dev.troupe.worker.model;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import java.util.List;

/**
 * The memory for keys and values, as the batcher counts it and the worker reserves it.
 *
 * @param slabs equal slabs that the batcher formats into slots
 * @param slabTokens tokens of one slab: the longest sequence
 * @param blocks blocks of {@value KvCopy#BLOCK_TOKENS} tokens for cached prefixes
 */
public record KvLayout(int slabs, int slabTokens, int blocks) {
    public KvLayout {
        if (slabs < 1 || slabTokens < KvCopy.BLOCK_TOKENS || blocks < 0) {
            throw new IllegalArgumentException("a KV memory of " + slabs + " slabs of " + slabTokens + " tokens and "
                    + blocks + " blocks: say at least one slab of " + KvCopy.BLOCK_TOKENS + " tokens");
        }
    }

    /** The longest sequence, prompt and answer together, of a model that was made for so many tokens. */
    public int maxTokens(int contextLength) {
        return Math.min(contextLength, slabTokens);
    }

    /** Tokens that fit slabs and blocks together. */
    public long tokens() {
        return (long) slabs * slabTokens + (long) blocks * KvCopy.BLOCK_TOKENS;
    }

    /**
     * The row of {@code [slabs * slabTokens * kvHeads, headDim]} where a slot begins. A slot is one run of {@code capacity}
     * rows a key head.
     *
     * @throws IllegalArgumentException if the slot is not inside its slab, or cannot hold so many tokens
     */
    long firstRow(SlotRef slot, int tokens, int kvHeads) {
        long end = (slot.index() + 1L) * slot.capacity();
        if (slot.slab() >= slabs || end > slabTokens || tokens > slot.capacity()) {
            throw new IllegalArgumentException(tokens + " tokens in " + slot + " do not fit " + this);
        }
        return ((long) slot.slab() * slabTokens + (long) slot.index() * slot.capacity()) * kvHeads;
    }

    /** As many bytes as blocks are to be written, and all of these inside the memory. */
    void checkBlocks(List<Integer> blocks, int bytes, int blockBytes) {
        blocks.forEach(this::checkBlock);
        if (bytes != (long) blocks.size() * blockBytes) {
            throw new IllegalArgumentException(
                    bytes + " bytes are not " + blocks.size() + " blocks of " + blockBytes + " bytes");
        }
    }

    void checkBlock(int block) {
        if (block < 0 || block >= blocks) {
            throw new IllegalArgumentException("block " + block + " is not one of " + blocks);
        }
    }
}
