package dev.troupe.batcher;

/** Told what the scheduler does, on its thread; returns at once. */
public interface SchedulerMetrics {
    /**
     * A sequence got its first slot.
     *
     * @param queuedMillis that it waited
     */
    void started(long queuedMillis);

    /** A running sequence gave its slot back to run again later. */
    void preempted();

    /** A step did not fit into the device's memory; it is tried again with less. */
    void outOfMemory();

    /**
     * A sequence looked for a cached prefix.
     *
     * @param tokens that it has
     * @param cached tokens of them that were found
     */
    void prefixQueried(int tokens, int cached);

    /** A part of a hot prefix goes to the pool. */
    void prefixOffered(int tokens);

    /**
     * The pool was asked for a prefix, and has answered.
     *
     * @param tokens that were missing
     * @param found tokens of them that it had
     */
    void prefixFetched(int tokens, int found, long millis);

    /** A step is done. */
    void stepped(int rows, long microseconds);

    /** The state after each step and admission. */
    void state(int running, int waiting, double kvUsage);

    SchedulerMetrics NONE = new SchedulerMetrics() {
        @Override
        public void started(long queuedMillis) {}

        @Override
        public void preempted() {}

        @Override
        public void outOfMemory() {}

        @Override
        public void prefixQueried(int tokens, int cached) {}

        @Override
        public void prefixOffered(int tokens) {}

        @Override
        public void prefixFetched(int tokens, int found, long millis) {}

        @Override
        public void stepped(int rows, long microseconds) {}

        @Override
        public void state(int running, int waiting, double kvUsage) {}
    };
}
