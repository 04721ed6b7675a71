package dev.troupe.worker.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The likeliest tokens of one row, best first, ties by the smaller id; all of them or only the head of the list. */
public final class Ranking {
    private final int[] ids;
    private final float[] logits;
    private final boolean complete;

    private Ranking(int[] ids, float[] logits, boolean complete) {
        this.ids = ids;
        this.logits = logits;
        this.complete = complete;
    }

    /**
     * Sorts tokens and their logits.
     *
     * @param ids none negative
     * @param complete whether these are all tokens there are
     */
    public static Ranking of(int[] ids, float[] logits, boolean complete) {
        var order = new long[ids.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (long) ascending(-logits[i]) << Integer.SIZE | ids[i];
        }
        Arrays.sort(order);
        var sortedIds = new int[ids.length];
        var sortedLogits = new float[ids.length];
        for (int i = 0; i < order.length; i++) {
            sortedIds[i] = (int) order[i];
            sortedLogits[i] = -value((int) (order[i] >> Integer.SIZE));
        }
        return new Ranking(sortedIds, sortedLogits, complete);
    }

    /** A whole number that orders as {@link Float#compare} does: a row has tens of thousands of tokens, and objects would be slow to sort. */
    private static int ascending(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    private static float value(int ascending) {
        return Float.intBitsToFloat(ascending ^ ((ascending >> 31) & Integer.MAX_VALUE));
    }

    /** Sorts a whole row. */
    public static Ranking ofRow(float[] row) {
        return of(IntStream.range(0, row.length).toArray(), row, true);
    }

    public int size() {
        return ids.length;
    }

    /** Whether no token is missing. */
    public boolean isComplete() {
        return complete;
    }

    public int id(int rank) {
        return ids[rank];
    }

    public float logit(int rank) {
        return logits[rank];
    }

    /** Where a token stands, or -1 when it is not among these. */
    public int find(int token) {
        for (int rank = 0; rank < ids.length; rank++) {
            if (ids[rank] == token) {
                return rank;
            }
        }
        return -1;
    }
}
