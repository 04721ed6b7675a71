package dev.troupe.bench.scale;

/** A request on its way. */
final class Job {
    final long id;
    final int router;
    final Prompt prompt;
    final int output;
    final long arrived;
    /** The conversation that this is the next turn of, once it has ended. */
    final Prompt afterwards;

    private int computed;
    private int cached;
    private int slot;
    private long lastStep;
    private long firstToken;
    private long ended;

    Job(long id, int router, Prompt prompt, int output, long arrived, Prompt afterwards) {
        this.id = id;
        this.router = router;
        this.prompt = prompt;
        this.output = output;
        this.arrived = arrived;
        this.afterwards = afterwards;
    }

    /** @param slotTokens taken from the replica's memory */
    void start(int cachedTokens, int slotTokens) {
        cached = cachedTokens;
        computed = cachedTokens;
        slot = slotTokens;
    }

    int cached() {
        return cached;
    }

    int slot() {
        return slot;
    }

    int rowsLeft() {
        return prompt.tokens() - computed;
    }

    int compute(int rows) {
        computed += rows;
        return computed;
    }

    /** @param step in which the last token is made */
    void decodeUntil(long step) {
        lastStep = step;
    }

    long lastStep() {
        return lastStep;
    }

    void firstToken(long at) {
        firstToken = at;
    }

    void ended(long at) {
        ended = at;
    }

    long endedAt() {
        return ended;
    }

    long timeToFirst() {
        return firstToken - arrived;
    }

    /** @return nanoseconds, of the tokens after the first */
    double perToken() {
        return output == 1 ? 0 : (ended - firstToken) / (double) (output - 1);
    }
}
