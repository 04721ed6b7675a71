package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Share;
import java.util.Objects;
import java.util.Optional;

/**
 * Router to image worker: make this picture. Answered by {@link Admission}.
 *
 * <p>Lost: the router asks again with the same epoch. Doubled: admitted again, begun once. Late: an epoch older than one already seen is
 * refused {@link ErrorCode#STALE_ATTEMPT}; a newer one takes over what the older has done here.
 *
 * @param tenant whose fair share it counts against
 * @param routerId who is told of it
 * @param begun where to go on; empty for from the beginning
 * @param alone whether nothing else may share the worker's steps with it: something kills workers, and it may be this
 */
public record GeneratePicture(
        Attempt attempt,
        String tenant,
        String routerId,
        PictureSpec spec,
        Optional<LatentCheckpoint> begun,
        boolean alone,
        Share share) {
    public GeneratePicture {
        Objects.requireNonNull(attempt);
        notBlank("tenant", tenant);
        notBlank("routerId", routerId);
        Objects.requireNonNull(spec);
        Objects.requireNonNull(begun);
        Objects.requireNonNull(share);
    }
}
