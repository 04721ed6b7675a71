package dev.troupe.node;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.router.RouterConfig;
import java.time.Duration;

/**
 * How many may ask at once before somebody is told to come back later.
 *
 * @param requests that a router answers at a time, running and waiting
 * @param waiting sequences that wait in one batcher's queue
 * @param longestWait that a sequence may be expected to wait there
 */
public record Limits(int requests, int waiting, Duration longestWait) {
    public static final Limits DEFAULT = new Limits(
            RouterConfig.DEFAULT.maxRequests(),
            BatcherConfig.defaults().maxWaiting(),
            Duration.ofMillis(BatcherConfig.defaults().maxWaitMillis()));

    private static final int MOST = 1_000_000;

    public Limits {
        within("--max-requests", requests);
        within("--max-waiting", waiting);
        if (longestWait.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new UserError("--max-wait must be at least 1s; nobody could wait for a batch to make room");
        }
    }

    private static void within(String option, int value) {
        if (value < 1 || value > MOST) {
            throw new UserError(option + " must be between 1 and " + MOST + ", not " + value);
        }
    }
}
