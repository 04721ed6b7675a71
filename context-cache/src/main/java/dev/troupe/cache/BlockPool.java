package dev.troupe.cache;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Reference-counted blocks of {@link dev.troupe.cluster.message.KvCopy#BLOCK_TOKENS} tokens. A block without a reference is free. */
public final class BlockPool {
    private final int[] references;
    private final BitSet free = new BitSet();

    /** @param blocks how many; 0 turns caching off */
    public BlockPool(int blocks) {
        references = new int[blocks];
        free.set(0, blocks);
    }

    /**
     * Takes up to {@code wanted} free blocks, lowest first, each with one reference.
     *
     * @return fewer when fewer are free
     */
    public List<Integer> allocate(int wanted) {
        List<Integer> taken = new ArrayList<>(wanted);
        while (taken.size() < wanted && !free.isEmpty()) {
            int block = free.nextSetBit(0);
            free.clear(block);
            references[block] = 1;
            taken.add(block);
        }
        return taken;
    }

    /** @throws IllegalStateException when the block is free */
    public void retain(int block) {
        requireUsed(block);
        references[block]++;
    }

    /** @throws IllegalStateException when the block is free */
    public void release(int block) {
        requireUsed(block);
        if (--references[block] == 0) {
            free.set(block);
        }
    }

    public int references(int block) {
        return references[block];
    }

    public int available() {
        return free.cardinality();
    }

    public int size() {
        return references.length;
    }

    private void requireUsed(int block) {
        if (references[block] == 0) {
            throw new IllegalStateException("block " + block + " is free");
        }
    }
}
