package dev.troupe.router.picture;

import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** A pool whose processes make no pictures: what was made before can still be seen. */
public final class NoPictures implements Pictures {
    private static final int RETRY_SECONDS = 60;

    @Override
    public List<PictureModel> models() {
        return List.of();
    }

    @Override
    public Future<Void> start(PictureOrder order, PictureListener listener) {
        return Future.failedFuture(new ApiException(
                ApiError.unavailable("no_image_model", "No model for pictures is served here.", RETRY_SECONDS)));
    }

    @Override
    public Future<Optional<PictureStatus>> status(String tenant, String id) {
        return Future.succeededFuture(Optional.empty());
    }

    @Override
    public Future<Boolean> cancel(String tenant, String id) {
        return Future.succeededFuture(false);
    }
}
