package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

import java.util.Objects;

/**
 * Router to batcher: I hold the first {@code received} tokens of this choice. Cumulative, so a lost, doubled or late one does no harm.
 *
 * <p>It is also the credit: a sequence that runs a window ahead of what is acknowledged rests until the router catches up.
 */
public record StreamAck(Attempt attempt, int choice, int received) {
    public StreamAck {
        Objects.requireNonNull(attempt);
        atLeast("choice", choice, 0);
        atLeast("received", received, 0);
    }
}
