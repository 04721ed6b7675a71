package dev.troupe.cluster.message;

import java.util.Objects;
import java.util.Optional;

/**
 * Image worker to router, in answer to {@link PictureProbe}.
 *
 * @param event where the attempt is; empty when it was never heard of or is forgotten: then it is lost
 */
public record PictureFound(Optional<PictureEvent> event) {
    public PictureFound {
        Objects.requireNonNull(event);
    }
}
