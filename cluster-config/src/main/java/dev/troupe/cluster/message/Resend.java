package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

import java.util.Objects;

/**
 * Router to worker: I miss tokens of this choice from index {@code from}. Answered by a {@link TokenBatch}, empty when there is nothing
 * beyond. A worker keeps tokens until they are acknowledged.
 */
public record Resend(Attempt attempt, int choice, int from) {
    public Resend {
        Objects.requireNonNull(attempt);
        atLeast("choice", choice, 0);
        atLeast("from", from, 0);
    }
}
