package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.picture.PictureKeeper.Kept;
import dev.troupe.router.picture.PictureLibrary;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureUrls;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Kept pictures with what a client needs to see them.
 *
 * @param base from which on their addresses are told
 * @param seconds since 1970
 */
record PictureTeller(PictureLibrary library, PictureUrls urls, String base, LongSupplier seconds) {
    /** @param content empty where only the address is wanted */
    record Told(Kept kept, String url, Optional<EncodedPicture> content) {}

    String url(PictureOrder order) {
        return base + urls.path(order.tenant(), order.id(), seconds.getAsLong());
    }

    ObjectNode kept(Kept kept) {
        return PictureJson.kept(kept, url(kept.order()));
    }

    Future<Told> tell(PictureOrder order, boolean withContent) {
        return library.find(order.tenant(), order.id()).compose(found -> {
            if (found.isEmpty()) {
                return Future.failedFuture(new ApiException(deleted(order)));
            }
            Future<Optional<EncodedPicture>> content = withContent
                    ? library.content(order.tenant(), order.id())
                    : Future.succeededFuture(Optional.empty());
            return content.map(picture -> new Told(found.get(), url(order), picture));
        });
    }

    private static ApiError deleted(PictureOrder order) {
        return ApiError.notFound("image_not_found", "Image '" + order.id() + "' was made, and has been deleted since.");
    }
}
