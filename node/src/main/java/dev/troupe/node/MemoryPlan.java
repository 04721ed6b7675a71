package dev.troupe.node;

import dev.troupe.cache.SlotPool;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.worker.model.KvLayout;
import java.util.Locale;
import java.util.Optional;

/**
 * How the device's memory is shared out at the start, so that none has to be found under load.
 *
 * @param free bytes that the device had before the model came
 * @param model bytes of its weights, about
 * @param kv homes for running sequences and blocks for cached prefixes
 * @param tokenBytes bytes of one token's keys and values
 */
record MemoryPlan(long free, long model, KvLayout kv, long tokenBytes) {
    /** Java's heap and code as they grow, buffers, and what a step needs while it runs. */
    private static final long WORK = 512L << 20;

    private static final long MOST_BY_DEFAULT = 2L << 30;

    /**
     * Decides.
     *
     * @param wish bytes of KV memory, when the user says
     * @param ownDevice whether the memory is that of an accelerator, which nobody else needs; otherwise other programs are left theirs
     * @throws UserError when the wish is more than there is, or not even short sequences fit
     */
    static MemoryPlan decide(
            Optional<Long> wish, long free, boolean ownDevice, long model, int contextLength, long tokenBytes) {
        long left = free - model - WORK;
        if (wish.isPresent() && wish.get() > free - model) {
            throw new UserError("--kv-memory " + MemorySize.text(wish.get()) + " is more than there is: "
                    + MemorySize.text(free) + " are free, and the model takes about " + MemorySize.text(model)
                    + " of them");
        }
        if (wish.isEmpty() && left <= 0) {
            throw new UserError("not enough memory: " + MemorySize.text(free) + " are free, the model takes about "
                    + MemorySize.text(model) + " and work on it " + MemorySize.text(WORK)
                    + "; end other programs or take a smaller model");
        }
        long budget = wish.orElse(ownDevice ? left : Math.min(left, defaultBudget(free)));
        return new MemoryPlan(free, model, KvPlanner.plan(contextLength, tokenBytes, budget), tokenBytes);
    }

    /** @return the bytes to use beside other programs when the user does not say: a fifth of what is free, at most 2 GB */
    static long defaultBudget(long free) {
        return Math.min(MOST_BY_DEFAULT, free / 5);
    }

    /** @param mostRunning sequences that the batcher lets run at once */
    String describe(int mostRunning) {
        long atWork = (long) kv.slabs() * kv.slabTokens();
        return String.format(
                Locale.ROOT,
                "Memory: %s free; model about %s; KV %s = %,d tokens (%s) and %,d of cached prefixes",
                MemorySize.text(free),
                MemorySize.text(model),
                MemorySize.text(kv.tokens() * tokenBytes),
                atWork,
                sequences(mostRunning),
                (long) kv.blocks() * KvCopy.BLOCK_TOKENS);
    }

    /** As many as may run, at the length that each can have then; and the longest, and how many of those. */
    private String sequences(int mostRunning) {
        int longest = kv.slabTokens();
        int length = longest;
        while (slots(length) < mostRunning && length > SlotPool.SMALLEST_CAPACITY) {
            length = Math.max(SlotPool.SMALLEST_CAPACITY, Integer.highestOneBit(length - 1));
        }
        String many = String.format(Locale.ROOT, "%d sequences of %,d", Math.min(mostRunning, slots(length)), length);
        return length == longest ? many : many + String.format(Locale.ROOT, " or %d of %,d", kv.slabs(), longest);
    }

    private int slots(int length) {
        return kv.slabs() * (kv.slabTokens() / length);
    }
}
