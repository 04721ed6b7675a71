package dev.troupe.worker.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts the decodes of one slab into groups of neighbouring slots, each computed as one batched product over all slots
 * from its first to its last, empty ones included, at the length of its longest.
 *
 * <p>A pure function: the cheapest cut by dynamic programming over the slots in order.
 */
final class SlotGroups {
    /** A group costs as much as this many slots times tokens before it computes anything (40 µs against 64 ns). */
    static final long GROUP_COST = 640;

    /** Lengths are rounded up to this, so that few shapes occur. */
    static final int LENGTH_STEP = 32;

    private SlotGroups() {}

    /**
     * @param slots index of each slot, ascending
     * @param lengths tokens seen in each
     * @param capacity the most that a rounded length may reach
     * @return where each group begins, and the end
     */
    static List<Integer> cut(int[] slots, int[] lengths, int capacity) {
        int n = slots.length;
        var cost = new long[n + 1];
        var from = new int[n + 1];
        Arrays.fill(cost, 1, n + 1, Long.MAX_VALUE);
        for (int end = 1; end <= n; end++) {
            int longest = 0;
            for (int begin = end - 1; begin >= 0; begin--) {
                longest = Math.max(longest, lengths[begin]);
                long span = slots[end - 1] - slots[begin] + 1L;
                long total = cost[begin] + GROUP_COST + span * rounded(longest, capacity);
                if (total < cost[end]) {
                    cost[end] = total;
                    from[end] = begin;
                }
            }
        }
        var cuts = new ArrayList<Integer>();
        for (int at = n; at > 0; at = from[at]) {
            cuts.add(0, at);
        }
        cuts.add(0, 0);
        return List.copyOf(cuts);
    }

    static int rounded(int length, int capacity) {
        return Math.min(capacity, (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP);
    }
}
