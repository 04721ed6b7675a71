package dev.troupe.worker.sampling;

import java.util.Arrays;
import java.util.Comparator;
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
     * @param complete whether these are all tokens there are
     */
    public static Ranking of(int[] ids, float[] logits, boolean complete) {
        Integer[] order = IntStream.range(0, ids.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -logits[i]).thenComparingInt(i -> ids[i]));
        var sortedIds = new int[ids.length];
        var sortedLogits = new float[ids.length];
        for (int i = 0; i < order.length; i++) {
            sortedIds[i] = ids[order[i]];
            sortedLogits[i] = logits[order[i]];
        }
        return new Ranking(sortedIds, sortedLogits, complete);
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
