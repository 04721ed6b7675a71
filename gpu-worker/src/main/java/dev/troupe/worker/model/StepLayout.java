package dev.troupe.worker.model;

import static java.util.Comparator.comparingInt;

import dev.troupe.cluster.message.SlotRef;
import dev.troupe.device.KernelPolicy;
import dev.troupe.models.weights.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers of a step as the program takes them; their meaning stands at {@code forward_rows} in {@code transformer.py}.
 * A pure function of the step.
 */
final class StepLayout {
    private final KvLayout kv;
    private final int kvHeads;
    private final int vocab;
    private final KernelPolicy policy;
    private final int total;

    /** [4, T]. */
    final long[] rows;
    /** Lengths and rows of the slots of all groups. */
    private final List<long[]> slots = new ArrayList<>();
    /** By decode row: which slot of its group it is. */
    final long[] rank;

    private final List<long[]> groups = new ArrayList<>();
    private final List<long[]> chunks = new ArrayList<>();
    /** For each wanted token, decodes first: its row. */
    final long[] sampled;

    StepLayout(StepInput input, ModelConfig config, KvLayout kv, KernelPolicy policy) {
        this.kv = kv;
        kvHeads = config.kvHeads();
        vocab = config.vocab();
        this.policy = policy;
        total = input.rows();
        rows = new long[4 * total];
        rank = new long[input.decodes().size()];
        sampled = new long[input.sampled()];
        layDecodes(input.decodes());
        layChunks(input);
    }

    private void layDecodes(List<StepInput.Decode> decodes) {
        int[] order = IntStream.range(0, decodes.size())
                .boxed()
                .sorted(Comparator.comparing(decodes::get, bySlot()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int begin = 0; begin < order.length; ) {
            var first = decodes.get(order[begin]).slot();
            int end = begin;
            while (end < order.length
                    && decodes.get(order[end]).slot().slab() == first.slab()
                    && decodes.get(order[end]).slot().capacity() == first.capacity()) {
                end++;
            }
            var run = Arrays.stream(order, begin, end).mapToObj(decodes::get).toList();
            int[] indices = run.stream().mapToInt(d -> d.slot().index()).toArray();
            int[] lengths = run.stream().mapToInt(d -> d.position() + 1).toArray();
            var cuts = SlotGroups.cut(indices, lengths, first.capacity());
            for (int i = 0; i + 1 < cuts.size(); i++) {
                layGroup(run.subList(cuts.get(i), cuts.get(i + 1)), begin + cuts.get(i));
            }
            begin = end;
        }
        for (int row = 0; row < order.length; row++) {
            sampled[order[row]] = row;
        }
    }

    private static Comparator<StepInput.Decode> bySlot() {
        return comparingInt((StepInput.Decode d) -> d.slot().slab())
                .thenComparingInt(d -> d.slot().capacity())
                .thenComparingInt(d -> d.slot().index());
    }

    private void layGroup(List<StepInput.Decode> group, int firstRow) {
        var first = group.get(0).slot();
        int span = group.get(group.size() - 1).slot().index() - first.index() + 1;
        int longest = 0;
        int firstSlot = slots.size();
        for (int i = 0; i < span; i++) {
            slots.add(new long[] {1, firstRow}); // an empty slot: some row, one token, and the outcome is dropped
        }
        for (int i = 0; i < group.size(); i++) {
            var decode = group.get(i);
            int at = decode.slot().index() - first.index();
            long length = decode.position() + 1L;
            if (i > 0 && at == rank[firstRow + i - 1]) {
                throw new IllegalArgumentException("two decodes in " + decode.slot());
            }
            rank[firstRow + i] = at;
            slots.set(firstSlot + at, new long[] {length, firstRow + i});
            longest = Math.max(longest, decode.position() + 1);
            layRow(firstRow + i, decode.token(), decode.position(), decode.slot());
        }
        longest = SlotGroups.rounded(longest, first.capacity());
        groups.add(new long[] {
            kv.firstRow(first, longest, kvHeads),
            first.capacity(),
            span,
            longest,
            policy.fused(span, longest) ? 1 : 0,
            span == group.size() ? 1 : 0,
            firstRow,
            group.size(),
            firstSlot
        });
    }

    private void layChunks(StepInput input) {
        int row = input.decodes().size();
        int wanted = row;
        for (var chunk : input.chunks()) {
            int count = chunk.tokens().size();
            long first = kv.firstRow(chunk.slot(), chunk.start() + count, kvHeads);
            chunks.add(new long[] {first, chunk.slot().capacity(), chunk.start(), count, row});
            for (int i = 0; i < count; i++) {
                layRow(row + i, chunk.tokens().get(i), chunk.start() + i, chunk.slot());
            }
            row += count;
            for (int i = row - chunk.sampled(); i < row; i++) {
                sampled[wanted++] = i;
            }
        }
    }

    private void layRow(int row, int token, int position, SlotRef slot) {
        if (token < 0 || token >= vocab) {
            throw new IllegalArgumentException("token " + token + " is not one of " + vocab);
        }
        rows[row] = token;
        rows[total + row] = position;
        rows[2 * total + row] = kv.firstRow(slot, position + 1, kvHeads) + position;
        rows[3 * total + row] = slot.capacity();
    }

    /** [2, N]. */
    long[] slots() {
        var out = new long[2 * slots.size()];
        for (int i = 0; i < slots.size(); i++) {
            out[i] = slots.get(i)[0];
            out[slots.size() + i] = slots.get(i)[1];
        }
        return out;
    }

    long[] groups() {
        return flat(groups);
    }

    long[] chunks() {
        return flat(chunks);
    }

    private static long[] flat(List<long[]> records) {
        return records.stream().flatMapToLong(Arrays::stream).toArray();
    }
}
