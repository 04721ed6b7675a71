package dev.troupe.cache.picture;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.journal.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A finished picture that the pool's memory keeps, without its bytes.
 *
 * @param conversation that it is a turn of
 * @param number of it among the pool's, by the time at which it was made
 * @param order as its router writes it
 * @param size of its file, in bytes
 */
public record PoolPicture(
        String id,
        String tenant,
        Optional<String> conversation,
        long number,
        Bytes order,
        int size,
        List<String> warnings) {
    public PoolPicture {
        requireNonNull(id);
        requireNonNull(tenant);
        requireNonNull(conversation);
        requireNonNull(order);
        warnings = List.copyOf(warnings);
    }

    /** Somebody's words are not for a log. */
    @Override
    public String toString() {
        return "PoolPicture[" + id + ", " + size + " bytes]";
    }
}
