package dev.troupe.cluster.message;

import java.util.Objects;

/**
 * Router to image worker: the end is known and written down, forget the attempt. Not answered. Lost: the end is told again, and acknowledged
 * again. Doubled or late: nothing is there to be forgotten.
 */
public record PictureAck(Attempt attempt) {
    public PictureAck {
        Objects.requireNonNull(attempt);
    }
}
