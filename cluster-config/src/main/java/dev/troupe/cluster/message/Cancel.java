package dev.troupe.cluster.message;

import java.util.Objects;

/**
 * Router to batcher: nobody listens any more, or the router has cut the text. Not answered.
 *
 * <p>Lost: the next {@link StreamProbe} of the router's sweep is missing, and the batcher cancels what no router has asked about
 * for a minute. Duplicate or late: of an attempt that has ended, ignored.
 */
public record Cancel(Attempt attempt) {
    public Cancel {
        Objects.requireNonNull(attempt);
    }
}
