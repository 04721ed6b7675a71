package dev.troupe.cache;

import dev.troupe.cluster.message.SlotRef;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Contiguous homes for running sequences. Memory is a row of equal slabs; a slab in use is formatted into equal slots of one capacity
 * class, and belongs to no class again when its last slot is freed.
 *
 * <p>Classes are {@code 256·2^i} tokens below the slab's size, and the slab whole.
 */
public final class SlotPool {
    /** Capacity of the smallest class, tokens. */
    public static final int SMALLEST_CAPACITY = 256;

    private static final int UNFORMATTED = 0;

    private static final class Slab {
        private final int index;
        private final BitSet used = new BitSet();
        private int capacity = UNFORMATTED;

        Slab(int index) {
            this.index = index;
        }
    }

    private final int slabTokens;
    private final List<Slab> slabs = new ArrayList<>();
    private long usedTokens;

    /**
     * @param slabs how many
     * @param slabTokens tokens that one slab holds
     */
    public SlotPool(int slabs, int slabTokens) {
        if (slabs < 1 || slabTokens < 1) {
            throw new IllegalArgumentException("a slot pool needs memory, not " + slabs + " slabs of " + slabTokens);
        }
        this.slabTokens = slabTokens;
        for (int i = 0; i < slabs; i++) {
            this.slabs.add(new Slab(i));
        }
    }

    /** @return the most tokens that one sequence can ever have */
    public int largest() {
        return slabTokens;
    }

    /**
     * The lowest free slot of the smallest class that fits; a fresh slab where the class has none; a slot of a larger class where there
     * is no fresh slab.
     *
     * @param tokens that the slot must hold, at most {@link #largest}
     * @return empty when nothing is free that would hold them
     */
    public Optional<SlotRef> allocate(int tokens) {
        int wanted = capacityFor(tokens);
        Slab best = null;
        for (Slab slab : slabs) {
            if (hasRoom(slab, wanted) && (best == null || rank(slab, wanted) < rank(best, wanted))) {
                best = slab;
            }
        }
        return best == null ? Optional.empty() : Optional.of(take(best, wanted));
    }

    /** Smaller is better: the class itself, then a fresh slab, then larger classes by size. */
    private static int rank(Slab slab, int wanted) {
        return slab.capacity == wanted ? 0 : slab.capacity == UNFORMATTED ? 1 : slab.capacity;
    }

    private boolean hasRoom(Slab slab, int wanted) {
        return slab.capacity == UNFORMATTED
                || (slab.capacity >= wanted && slab.used.cardinality() < slabTokens / slab.capacity);
    }

    private SlotRef take(Slab slab, int wanted) {
        if (slab.capacity == UNFORMATTED) {
            slab.capacity = wanted;
        }
        int index = slab.used.nextClearBit(0);
        slab.used.set(index);
        usedTokens += slab.capacity;
        return new SlotRef(slab.index, slab.capacity, index);
    }

    /** @throws IllegalStateException when the slot is not in use */
    public void free(SlotRef slot) {
        Slab slab = slabs.get(slot.slab());
        if (slab.capacity != slot.capacity() || !slab.used.get(slot.index())) {
            throw new IllegalStateException("freed a slot that is not in use: " + slot);
        }
        slab.used.clear(slot.index());
        usedTokens -= slab.capacity;
        if (slab.used.isEmpty()) {
            slab.capacity = UNFORMATTED;
        }
    }

    /** Frees every slot. */
    public void clear() {
        for (Slab slab : slabs) {
            slab.used.clear();
            slab.capacity = UNFORMATTED;
        }
        usedTokens = 0;
    }

    /** @return share of the memory that slots in use take, 0 to 1 */
    public double usage() {
        return usedTokens / ((double) slabs.size() * slabTokens);
    }

    /** @return slots in use */
    public int inUse() {
        return slabs.stream().mapToInt(slab -> slab.used.cardinality()).sum();
    }

    private int capacityFor(int tokens) {
        if (tokens < 1 || tokens > slabTokens) {
            throw new IllegalArgumentException("a slot holds 1 to " + slabTokens + " tokens, not " + tokens);
        }
        long capacity = SMALLEST_CAPACITY;
        while (capacity < tokens) {
            capacity *= 2;
        }
        return (int) Math.min(capacity, slabTokens);
    }
}
