package dev.troupe.cache.picture;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.picture.LatentCheckpoint;
import java.util.Optional;

/**
 * How far an order has come, as its owner wrote down last.
 *
 * @param replicaId that has it; empty while none has
 * @param done steps, of {@code of}; 0 of 0 as long as nobody has begun
 * @param deaths of workers that it was near, without getting on between them
 * @param stood steps that it had done at the last of them
 * @param checkpoint to go on from
 */
public record Headway(
        String replicaId, int done, int of, int deaths, int stood, Optional<LatentCheckpoint> checkpoint) {
    public static final Headway NONE = new Headway("", 0, 0, 0, 0, Optional.empty());

    public Headway {
        requireNonNull(replicaId);
        requireNonNull(checkpoint);
        if (done < 0 || of < done || deaths < 0 || stood < 0) {
            throw new IllegalArgumentException(
                    "no order has done " + done + " of " + of + " steps, with " + deaths + " deaths at " + stood);
        }
    }
}
