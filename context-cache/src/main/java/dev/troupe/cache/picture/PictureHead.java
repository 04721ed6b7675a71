package dev.troupe.cache.picture;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cluster.picture.PictureSource;
import java.util.Optional;

/**
 * An order as the journal has it.
 *
 * @param id of the picture, unique in the pool
 * @param tenant who may ask for it
 * @param order as its router writes it, without the picture to start from
 * @param source that picture; forgotten when the order has ended, since it may be large
 */
public record PictureHead(String id, String tenant, Bytes order, Optional<PictureSource> source) {
    public PictureHead {
        requireNonNull(id);
        requireNonNull(tenant);
        requireNonNull(order);
        requireNonNull(source);
    }

    PictureHead withoutSource() {
        return new PictureHead(id, tenant, order, Optional.empty());
    }

    /** The name only: the rest is somebody's words. */
    @Override
    public String toString() {
        return "PictureHead[" + id + "]";
    }
}
