package dev.troupe.image.work;

import dev.troupe.image.ImageRequest;
import dev.troupe.image.Mask;
import dev.troupe.image.Picture;
import java.util.Optional;

/**
 * A picture as the model takes it, its files read.
 *
 * @param request in a size that the model makes
 * @param kept what the finished picture keeps in the size that was asked for, where that is another one
 */
public record Prepared(ImageRequest request, Optional<Kept> kept) {
    /** The source, and where it may change. */
    public record Kept(Picture source, Mask mask) {}
}
