package dev.troupe.cluster.message;

import java.util.Objects;

/**
 * Router to image worker, when an attempt has been silent, and every few seconds: do you still have it? Answered by {@link PictureFound}.
 * Lost: asked again at the next sweep; a worker that no router has asked for a minute forgets the attempt. Doubled or late: harmless.
 */
public record PictureProbe(Attempt attempt) {
    public PictureProbe {
        Objects.requireNonNull(attempt);
    }
}
