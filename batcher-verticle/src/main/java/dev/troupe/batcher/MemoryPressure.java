package dev.troupe.batcher;

/**
 * How many rows a step may have, as far as the device's memory is known. A step that does not fit halves them; steps that do let them grow
 * back by quarters. So a lasting lack costs a failed step now and then, and a passing one is forgotten after some two hundred steps.
 */
final class MemoryPressure {
    private static final int STEPS_TO_GROW = 16;
    private static final int MOST_FAILURES_ALONE = 5;

    private final int most;
    private int rows;
    private int goodSteps;
    private boolean copiesFailed;
    private long alone;
    private int failuresAlone;

    /** @param most rows of a step when memory is no concern */
    MemoryPressure(int most) {
        this.most = most;
        this.rows = most;
    }

    /** @return rows that a step may have, and so also sequences that may run; at least 1 */
    int rows() {
        return rows;
    }

    /** @return whether copies to and from the cache are to be left, because they need memory of their own and have failed for want of it */
    boolean copiesRest() {
        return copiesFailed;
    }

    void stepped(int stepRows) {
        failuresAlone = 0;
        if (stepRows > 0 && rows < most) {
            goodSteps++;
            if (goodSteps == STEPS_TO_GROW) {
                rows = Math.min(most, rows + Math.max(1, rows / 4));
                goodSteps = 0;
            }
        }
        copiesFailed &= rows < most;
    }

    /** @param stepRows that the step would have had */
    void outOfMemory(int stepRows) {
        rows = Math.max(1, Math.min(rows, Math.max(1, stepRows)) / 2);
        goodSteps = 0;
    }

    /** Not the rows were too much but the copies before them. */
    void copiesFailed() {
        rows = Math.max(1, rows / 2);
        goodSteps = 0;
        copiesFailed = true;
    }

    /**
     * A step of one row has failed.
     *
     * @param sequence whose row it was
     * @return whether there is no use in trying again
     */
    boolean isTooLargeAlone(long sequence) {
        failuresAlone = sequence == alone ? failuresAlone + 1 : 1;
        alone = sequence;
        return failuresAlone >= MOST_FAILURES_ALONE;
    }

    /** @return how often to double the pause before the next try: memory that somebody else holds may come free */
    int doublings() {
        return Math.max(0, failuresAlone - 1);
    }
}
