package dev.troupe.router.http;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.picture.PictureOrder;
import io.vertx.core.Future;
import java.util.List;

/** How a client is told of its pictures. */
interface PictureAnswer {
    /** All are taken. */
    void accepted(List<PictureOrder> orders);

    /** Whether there is more to tell once all are taken. */
    default boolean waits() {
        return true;
    }

    /** @param index from 0 */
    void preview(PictureOrder order, int index, EncodedPicture picture);

    /** One is made and kept. @return completes when it is told */
    Future<Void> completed(PictureOrder order);

    /** All are told. @return completes when the answer is whole */
    Future<Void> finish(List<PictureOrder> orders);

    void fail(ApiError error);

    /** The connection is closed where the answer has begun. */
    void cut(ApiError error);

    /** Time has passed. */
    void tick(long now);
}
