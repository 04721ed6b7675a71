package dev.troupe.cluster.message;

import java.util.Objects;

/**
 * Router to batcher, when a stream has been silent: do you still have it? Answered by {@link StreamState}.
 *
 * <p>Tells the batcher in turn that somebody still listens.
 */
public record StreamProbe(Attempt attempt) {
    public StreamProbe {
        Objects.requireNonNull(attempt);
    }
}
