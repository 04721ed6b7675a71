package dev.troupe.batcher.sim;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SlotRef;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** The memory of a {@link FakeWorker}: at each position the model's state there. Touching what does not exist is an error. */
public final class FakeKv {
    public static final int BLOCK_BYTES = KvCopy.BLOCK_TOKENS * Long.BYTES;

    private final long[][] slabs;
    private final long[][] blocks;

    public FakeKv(KvPlan plan) {
        slabs = new long[plan.slabs()][plan.slabTokens()];
        blocks = new long[plan.blocks()][KvCopy.BLOCK_TOKENS];
    }

    public void clear() {
        for (long[] slab : slabs) {
            Arrays.fill(slab, 0);
        }
        for (long[] block : blocks) {
            Arrays.fill(block, 0);
        }
    }

    public long read(SlotRef slot, int position) {
        return slabs[slot.slab()][at(slot, position)];
    }

    public void write(SlotRef slot, int position, long state) {
        slabs[slot.slab()][at(slot, position)] = state;
    }

    public void copy(KvCopy copy) {
        if (copy instanceof KvCopy.Restore restore) {
            restore(restore.blocks(), restore.to());
        } else if (copy instanceof KvCopy.Save save) {
            save(save.from(), save.fromToken(), save.blocks());
        } else if (copy instanceof KvCopy.Move move) {
            for (int i = 0; i < move.tokens(); i++) {
                write(move.to(), i, read(move.from(), i));
            }
        }
    }

    /** @return the states of blocks, eight bytes each */
    public byte[] readBlocks(List<Integer> from) {
        ByteBuffer bytes = ByteBuffer.allocate(from.size() * BLOCK_BYTES);
        for (int block : from) {
            for (long state : blocks[block]) {
                lawful(state != 0, () -> "exported an empty block");
                bytes.putLong(state);
            }
        }
        return bytes.array();
    }

    public void writeBlocks(List<Integer> to, byte[] states) {
        lawful(states.length == to.size() * BLOCK_BYTES, () -> "imported bytes of another size");
        ByteBuffer bytes = ByteBuffer.wrap(states);
        for (int block : to) {
            for (int i = 0; i < KvCopy.BLOCK_TOKENS; i++) {
                blocks[block][i] = bytes.getLong();
            }
        }
    }

    private void restore(List<Integer> from, SlotRef to) {
        for (int i = 0; i < from.size() * KvCopy.BLOCK_TOKENS; i++) {
            long[] block = blocks[from.get(i / KvCopy.BLOCK_TOKENS)];
            lawful(block[i % KvCopy.BLOCK_TOKENS] != 0, () -> "restored an empty block");
            write(to, i, block[i % KvCopy.BLOCK_TOKENS]);
        }
    }

    private void save(SlotRef from, int fromToken, List<Integer> to) {
        lawful(fromToken % KvCopy.BLOCK_TOKENS == 0, () -> "saved from the middle of a block");
        for (int i = 0; i < to.size() * KvCopy.BLOCK_TOKENS; i++) {
            long state = read(from, fromToken + i);
            lawful(state != 0, () -> "saved what was not computed");
            blocks[to.get(i / KvCopy.BLOCK_TOKENS)][i % KvCopy.BLOCK_TOKENS] = state;
        }
    }

    private int at(SlotRef slot, int position) {
        lawful(position < slot.capacity(), () -> "position " + position + " is outside " + slot);
        int at = slot.index() * slot.capacity() + position;
        lawful(at < slabs[slot.slab()].length, () -> slot + " is outside its slab");
        return at;
    }

    static void lawful(boolean holds, Supplier<String> complaint) {
        if (!holds) {
            throw new AssertionError("unlawful plan: " + complaint.get());
        }
    }
}
