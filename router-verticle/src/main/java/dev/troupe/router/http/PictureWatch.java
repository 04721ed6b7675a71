package dev.troupe.router.http;

import dev.troupe.router.api.ApiError;
import dev.troupe.router.picture.PictureListener;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import dev.troupe.router.picture.PictureStatus.State;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Looks after a picture that was asked for before, whichever router has it, until it is over. */
final class PictureWatch {
    private static final long LOOK_MILLIS = 200;

    private final Vertx vertx;
    private final PictureParts parts;

    PictureWatch(Vertx vertx, PictureParts parts) {
        this.vertx = vertx;
        this.parts = parts;
    }

    /** @return the order of that id, where there is one or has been one whose picture is kept */
    Future<Optional<PictureOrder>> find(String tenant, String id) {
        return parts.library()
                .find(tenant, id)
                .compose(kept -> kept.isPresent()
                        ? Future.succeededFuture(kept.map(found -> found.order()))
                        : parts.pictures().status(tenant, id).map(status -> status.filter(PictureWatch::isWorthWaiting)
                                .map(PictureStatus::order)));
    }

    /** What failed or was cancelled may be asked for again. */
    private static boolean isWorthWaiting(PictureStatus status) {
        return !status.state().isOver();
    }

    void watch(PictureOrder order, PictureListener listener, BooleanSupplier nobodyWaits) {
        if (nobodyWaits.getAsBoolean()) {
            return;
        }
        look(order).onComplete(looked -> {
            if (looked.succeeded() && looked.result().state().isOver()) {
                listener.ended(looked.result());
                return;
            }
            // While the database or the pool hesitates, so does the answer.
            if (looked.succeeded()) {
                listener.moved(looked.result());
            }
            vertx.setTimer(LOOK_MILLIS, timer -> watch(order, listener, nobodyWaits));
        });
    }

    private Future<PictureStatus> look(PictureOrder order) {
        return parts.library()
                .find(order.tenant(), order.id())
                .compose(kept -> kept.isPresent()
                        ? Future.succeededFuture(new PictureStatus(order, State.COMPLETED, 0, 0, 0, Optional.empty()))
                        : parts.pictures()
                                .status(order.tenant(), order.id())
                                .map(status -> status.orElseGet(() -> lost(order))));
    }

    private static PictureStatus lost(PictureOrder order) {
        return new PictureStatus(
                order,
                State.FAILED,
                0,
                0,
                0,
                Optional.of(ApiError.notFound(
                        "image_not_found",
                        "Nothing is known of image '" + order.id() + "' any more. Ask for it again.")));
    }
}
