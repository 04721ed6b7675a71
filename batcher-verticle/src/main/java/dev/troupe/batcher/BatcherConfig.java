package dev.troupe.batcher;

/**
 * How one replica's batcher behaves.
 *
 * @param maxRunning sequences in the batch at most
 * @param tokenBudget rows of one step at most; at least {@code maxRunning}, so that every running sequence gets its row
 * @param promptRowsBesideDecodes rows of prompt in a step that also decodes, so that a long prompt does not stall others' streams
 * @param guessRows rows that a step without prompts is filled up to with guesses of the tokens to come; 0 for none
 * @param maxWaiting sequences in the queue; beyond it a tenant is refused that has its part of them
 * @param creditWindow tokens that a sequence may be ahead of its router's acknowledgement
 * @param routerTimeoutMillis after which a request that no router has spoken of is cancelled
 * @param answerTimeoutMillis after which a plan without answer is sent again
 * @param failurePauseMillis between a failed or undeliverable step and the next try
 * @param endedMemoryMillis how long ended attempts are remembered
 * @param endedMemorySize how many of them at most
 * @param ageMillis after which a waiting sequence rises by a class of priority
 * @param maxWaitMillis that a request may be expected to wait; one that would wait longer is refused at once
 */
public record BatcherConfig(
        int maxRunning,
        int tokenBudget,
        int promptRowsBesideDecodes,
        int guessRows,
        int maxWaiting,
        int creditWindow,
        long routerTimeoutMillis,
        long answerTimeoutMillis,
        long failurePauseMillis,
        long endedMemoryMillis,
        int endedMemorySize,
        long ageMillis,
        long maxWaitMillis) {

    public BatcherConfig {
        positive("maxRunning", maxRunning);
        positive("promptRowsBesideDecodes", promptRowsBesideDecodes);
        positive("maxWaiting", maxWaiting);
        positive("creditWindow", creditWindow);
        positive("routerTimeoutMillis", routerTimeoutMillis);
        positive("answerTimeoutMillis", answerTimeoutMillis);
        positive("failurePauseMillis", failurePauseMillis);
        positive("endedMemoryMillis", endedMemoryMillis);
        positive("endedMemorySize", endedMemorySize);
        positive("ageMillis", ageMillis);
        positive("maxWaitMillis", maxWaitMillis);
        if (guessRows < 0) {
            throw new IllegalArgumentException("guessRows must be at least 0, not " + guessRows);
        }
        if (tokenBudget < maxRunning) {
            throw new IllegalArgumentException(
                    "tokenBudget must be at least maxRunning: " + tokenBudget + " is less than " + maxRunning);
        }
    }

    public static BatcherConfig defaults() {
        return new BatcherConfig(64, 512, 256, 4, 1000, 1024, 60_000, 5_000, 100, 300_000, 10_000, 20_000, 30_000);
    }

    public BatcherConfig withQueue(int newMaxWaiting, long newMaxWaitMillis) {
        return new BatcherConfig(
                maxRunning,
                tokenBudget,
                promptRowsBesideDecodes,
                guessRows,
                newMaxWaiting,
                creditWindow,
                routerTimeoutMillis,
                answerTimeoutMillis,
                failurePauseMillis,
                endedMemoryMillis,
                endedMemorySize,
                ageMillis,
                newMaxWaitMillis);
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }
}
