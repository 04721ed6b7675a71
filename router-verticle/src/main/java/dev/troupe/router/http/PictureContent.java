package dev.troupe.router.http;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.picture.PictureIds;
import dev.troupe.router.picture.PictureUrls.Standing;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /v1/images/{id}/content}: to whoever has the tenant's key, or an address that the pool has signed. */
final class PictureContent {
    private static final Logger log = LoggerFactory.getLogger(PictureContent.class);
    private static final String PATH = PictureRoutes.ALL + "/:id/content";

    private final PictureParts parts;
    private final LongSupplier seconds;

    /** @param seconds since 1970 */
    PictureContent(PictureParts parts, LongSupplier seconds) {
        this.parts = parts;
        this.seconds = seconds;
    }

    /** Before anybody is asked for a key. */
    void mountSigned(Router router) {
        router.get(PATH).handler(context -> {
            if (context.request().getParam("signature") == null) {
                context.next();
            } else {
                signed(context);
            }
        });
    }

    void mount(Router router) {
        router.get(PATH)
                .handler(context -> send(context, HttpRoutes.caller(context).name(), id(context), 0));
    }

    private void signed(RoutingContext context) {
        String id = id(context);
        String expires = Answers.query(context, "expires").orElse("");
        String signature = Answers.query(context, "signature").orElse("");
        parts.library()
                .owner(id)
                .onSuccess(owner -> {
                    // Whose it is or whether there is one, a wrong signature learns nothing of either.
                    Standing standing =
                            parts.urls().check(owner.orElse(""), id, expires, signature, seconds.getAsLong());
                    switch (owner.isEmpty() ? Standing.WRONG : standing) {
                        case GOOD ->
                            send(context, owner.orElseThrow(), id, Long.parseLong(expires) - seconds.getAsLong());
                        case EXPIRED -> Responses.error(context.response(), ApiError.expiredUrl(id));
                        case WRONG -> Responses.error(context.response(), ApiError.unknownImage(id));
                    }
                })
                .onFailure(failure -> fail(context, failure));
    }

    private void send(RoutingContext context, String tenant, String id, long freshSeconds) {
        Future<Optional<EncodedPicture>> content =
                PictureIds.isOne(id) ? parts.library().content(tenant, id) : Future.succeededFuture(Optional.empty());
        content.onSuccess(found -> found.ifPresentOrElse(
                        picture -> send(context.response(), picture, id, freshSeconds),
                        () -> Responses.error(context.response(), ApiError.unknownImage(id))))
                .onFailure(failure -> fail(context, failure));
    }

    private static void send(HttpServerResponse response, EncodedPicture picture, String id, long freshSeconds) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader("content-type", picture.type().mediaType())
                .putHeader("cache-control", "private, max-age=" + freshSeconds)
                .putHeader(
                        "content-disposition",
                        "inline; filename=\"" + id + "." + picture.type().word() + "\"")
                // Nobody is to take it for a page, or for part of one that may do something here.
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("content-security-policy", "default-src 'none'; sandbox")
                .end(Buffer.buffer(picture.bytes()));
    }

    private static void fail(RoutingContext context, Throwable failure) {
        if (failure instanceof ApiException known) {
            Responses.error(context.response(), known.error());
            return;
        }
        log.error("The content of a picture cannot be read", failure);
        Responses.error(
                context.response(),
                ApiError.internal("internal_error", "The server made an error. Its log says which."));
    }

    private static String id(RoutingContext context) {
        return context.pathParam("id");
    }
}
