package dev.troupe.router.picture;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.picture.PictureJournal;

/**
 * Where a router writes down what it is to make, and keeps what was made.
 *
 * @param journal that all routers share
 * @param keeper that all routers share
 */
public record PictureBooks(PictureJournal journal, PictureKeeper keeper) {
    public PictureBooks {
        requireNonNull(journal);
        requireNonNull(keeper);
    }
}
