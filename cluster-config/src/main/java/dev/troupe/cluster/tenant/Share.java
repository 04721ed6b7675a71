package dev.troupe.cluster.tenant;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;

/**
 * Where a request stands among those of others.
 *
 * @param weight of its tenant
 * @param deadlineMillis from now on, by which its first token must come; late work is refused
 */
public record Share(int weight, Priority priority, OptionalLong deadlineMillis) {
    public static final Share EQUAL = new Share(1, Priority.STANDARD, OptionalLong.empty());

    public Share {
        if (weight < 1) {
            throw new IllegalArgumentException("weight must be at least 1, not " + weight);
        }
        requireNonNull(priority);
        requireNonNull(deadlineMillis);
        if (deadlineMillis.orElse(0) < 0) {
            throw new IllegalArgumentException("a deadline is not in the past: " + deadlineMillis.getAsLong());
        }
    }

    /** @return the same with another deadline, or without one */
    public Share within(OptionalLong newDeadlineMillis) {
        return new Share(weight, priority, newDeadlineMillis);
    }
}
