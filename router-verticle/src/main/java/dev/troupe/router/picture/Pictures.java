package dev.troupe.router.picture;

import dev.troupe.cluster.picture.PictureModel;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The pool's pictures, as routes see them. Event loop only. */
public interface Pictures {
    /** What can be asked for now: models of living replicas, one of each id. */
    List<PictureModel> models();

    /**
     * Takes an order: it is in the journal before a replica hears of it, and from then on it ends, once, whoever dies. The picture is kept
     * ({@link PictureKeeper}) before anybody is told that it is made.
     *
     * @param listener hears of it as long as this router lives
     * @return completes when the order is accepted; fails with {@link dev.troupe.router.api.ApiException} when it is not, and then nothing is heard of it
     */
    Future<Void> start(PictureOrder order, PictureListener listener);

    /**
     * Where a job is that has not ended, or ended a short time ago, whichever router has it.
     *
     * @return empty when this tenant has none of that id; pictures that were made long ago are for {@link PictureKeeper#find}
     */
    Future<Optional<PictureStatus>> status(String tenant, String id);

    /**
     * Ends a job between two steps.
     *
     * @return whether there was one to end
     */
    Future<Boolean> cancel(String tenant, String id);
}
