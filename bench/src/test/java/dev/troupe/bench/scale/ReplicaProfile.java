package dev.troupe.bench.scale;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.bench.scale.StepTime.Cell;
import java.util.ArrayList;
import java.util.List;

/**
 * One kind of replica.
 *
 * @param config the batcher's
 * @param kvTokens that running sequences may hold together
 * @param slabTokens the longest sequence
 * @param cachedTokens of prefixes
 * @param betweenSteps milliseconds from the end of a step to the next one's begin, and more for each token that it made
 */
record ReplicaProfile(
        String name,
        StepTime time,
        BatcherConfig config,
        int kvTokens,
        int slabTokens,
        int cachedTokens,
        double betweenSteps,
        double betweenStepsPerToken) {

    private static final int[] DECODE_LENGTHS = {64, 256, 1024, 4096, 8192};
    private static final int[] DECODE_SEQUENCES = {1, 2, 4, 8, 16, 32, 64};
    private static final double[][] DECODE_MILLIS = {
        {2.8, 3.3, 4.7, 8.4, 13.6, 26.1, 52.5},
        {2.8, 3.5, 5.2, 9.4, 15.9, 30.9, 56.2},
        {3.7, 4.6, 7.1, 13.3, 24.6, 48.7, 99.8},
        {7.3, 10.0, 16.9, 32.0, 60.7},
        {10.8, 15.3, 28.5, 55.4}
    };
    private static final int[] PROMPT_ROWS = {64, 128, 256, 512};
    private static final double[][] PROMPT_MILLIS = {
        {36}, {39, 76, 144}, {51, 97, 187, 360}, {98, 185, 359, 696}, {164, 314, 604, 1268}
    };

    /** The tables of {@code docs/performance.md}, "How cost grows": two cores of a Zen 4, the default model. */
    static List<Cell> measuredDecodes() {
        return cells(DECODE_LENGTHS, DECODE_SEQUENCES, DECODE_MILLIS);
    }

    static List<Cell> measuredPrompts() {
        return cells(DECODE_LENGTHS, PROMPT_ROWS, PROMPT_MILLIS);
    }

    private static List<Cell> cells(int[] lengths, int[] counts, double[][] millis) {
        List<Cell> cells = new ArrayList<>();
        for (int i = 0; i < millis.length; i++) {
            for (int j = 0; j < millis[i].length; j++) {
                cells.add(new Cell(counts[j], lengths[i], millis[i][j]));
            }
        }
        return cells;
    }

    /** Two cores each, alone on their machine: measured. Memory is what {@code serve} announced on that machine. */
    static ReplicaProfile cpu() {
        return new ReplicaProfile(
                "cpu",
                StepTime.fit(measuredDecodes(), measuredPrompts()),
                BatcherConfig.defaults(),
                65_536,
                8_192,
                27_664,
                0.5,
                0);
    }

    /**
     * Router and clients on the same two cores: of a step of 28 ms with 32 streams 2.5 were seen to go between the steps.
     *
     * @param step of one replica that has the machine to itself
     */
    static ReplicaProfile cpuWithClients(StepTime step) {
        ReplicaProfile alone = cpu();
        return new ReplicaProfile(
                "cpu with clients",
                step,
                alone.config(),
                alone.kvTokens(),
                alone.slabTokens(),
                alone.cachedTokens(),
                0.5,
                2.0 / 32);
    }

    /**
     * A model of 8 billion parameters in 16 bits on a GPU of 3.35 TB/s and a petaflop. <strong>Assumed, nothing of it measured</strong>: 16 GB
     * of weights read at 80% of that speed and 1.5 ms around them; 128 KB of keys and values a token at 75%; 16 GFLOP a row at half of the
     * petaflop; 0.02 ms a sequence for sampling.
     */
    static ReplicaProfile assumedGpu() {
        BatcherConfig cpu = BatcherConfig.defaults();
        BatcherConfig config = new BatcherConfig(
                256,
                2048,
                1024,
                0,
                cpu.maxWaiting(),
                cpu.creditWindow(),
                cpu.routerTimeoutMillis(),
                cpu.answerTimeoutMillis(),
                cpu.failurePauseMillis(),
                cpu.endedMemoryMillis(),
                cpu.endedMemorySize(),
                cpu.ageMillis(),
                cpu.maxWaitMillis());
        return new ReplicaProfile(
                "gpu (assumed)",
                new StepTime(7.5, 0.02, 5e-5, 7.5, 0.032, 2e-6),
                config,
                300_000,
                8_192,
                120_000,
                0.5,
                0);
    }
}
