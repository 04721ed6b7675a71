package dev.troupe.cluster.picture;

import java.util.Objects;
import java.util.Optional;

/**
 * A picture to start from, and where it may change.
 *
 * @param picture scaled to the size that is asked for, where it has another
 * @param mask of any size: transparent means may change; empty for everywhere
 * @param strength 0 leaves it, 1 keeps next to nothing of it
 */
public record PictureSource(EncodedPicture picture, Optional<EncodedPicture> mask, double strength) {
    public PictureSource {
        Objects.requireNonNull(picture);
        Objects.requireNonNull(mask);
        if (!(strength >= 0 && strength <= 1)) {
            throw new IllegalArgumentException("strength " + strength + ": say 0 to 1");
        }
    }
}
