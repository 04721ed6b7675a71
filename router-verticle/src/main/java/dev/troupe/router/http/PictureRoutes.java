package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.api.PictureFields.Kind;
import dev.troupe.router.picture.PictureIds;
import dev.troupe.router.picture.PictureKeeper.Kept;
import dev.troupe.router.picture.PictureStatus.State;
import dev.troupe.router.tenant.Caller;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.LongSupplier;

/** {@code /v1/images}: pictures that are kept, and the jobs that make them. */
final class PictureRoutes {
    static final String ALL = "/v1/images";
    private static final String ONE = ALL + "/:id";
    static final String TURN = "/v1/generate-image";
    private static final int PAGE = 20;
    private static final int LONGEST_PAGE = 100;

    private final PictureParts parts;
    private final PictureMaking making;
    private final PublicUrl publicUrl;
    private final LongSupplier seconds;

    /** @param seconds since 1970 */
    PictureRoutes(PictureParts parts, PictureMaking making, PublicUrl publicUrl, LongSupplier seconds) {
        this.parts = parts;
        this.making = making;
        this.publicUrl = publicUrl;
        this.seconds = seconds;
    }

    void mount(Router router) {
        router.post(TURN).handler(context -> making.handle(context.request(), caller(context), Kind.TURN));
        router.post(ALL + "/generations")
                .handler(context -> making.handle(context.request(), caller(context), Kind.GENERATION));
        router.post(ALL + "/edits").handler(context -> making.handle(context.request(), caller(context), Kind.EDIT));
        router.post(ALL + "/variations")
                .handler(context -> making.handle(context.request(), caller(context), Kind.VARIATION));
        router.get(ALL).handler(context -> Answers.send(context, 200, () -> page(context)));
        router.get(ONE).handler(context -> Answers.send(context, 200, () -> find(context)));
        router.delete(ONE).handler(context -> Answers.send(context, 200, () -> delete(context)));
    }

    private Future<ObjectNode> page(RoutingContext context) {
        int limit = Answers.number(context, "limit", 1, LONGEST_PAGE, PAGE);
        PictureTeller teller = teller(context);
        return parts.library()
                .page(caller(context).name(), Answers.query(context, "after"), limit + 1)
                .map(found -> {
                    List<Kept> page = found.subList(0, Math.min(limit, found.size()));
                    return PictureJson.list(page.stream().map(teller::kept).toList(), found.size() > limit);
                });
    }

    private Future<ObjectNode> find(RoutingContext context) {
        String tenant = caller(context).name();
        String id = id(context);
        PictureTeller teller = teller(context);
        return parts.library()
                .find(tenant, id)
                .compose(kept -> kept.isPresent()
                        ? Future.succeededFuture(teller.kept(kept.get()))
                        : parts.pictures()
                                .status(tenant, id)
                                // One that was made and is not kept has been deleted.
                                .map(status -> status.filter(known -> known.state() != State.COMPLETED)
                                        .map(PictureJson::job)
                                        .orElseThrow(() -> new ApiException(ApiError.unknownImage(id)))));
    }

    private Future<ObjectNode> delete(RoutingContext context) {
        String tenant = caller(context).name();
        String id = id(context);
        return parts.pictures()
                .cancel(tenant, id)
                .compose(cancelled -> cancelled
                        ? Future.succeededFuture(Json.object()
                                .put("id", id)
                                .put("object", "image")
                                .put("status", "cancelled"))
                        : parts.library().delete(tenant, id).map(deleted -> {
                            if (!deleted) {
                                throw new ApiException(ApiError.unknownImage(id));
                            }
                            return Json.object()
                                    .put("id", id)
                                    .put("object", "image.deleted")
                                    .put("deleted", true);
                        }));
    }

    private PictureTeller teller(RoutingContext context) {
        return new PictureTeller(parts.library(), parts.urls(), publicUrl.of(context.request()), seconds);
    }

    /** An id that we never gave needs no look. */
    private static String id(RoutingContext context) {
        String id = context.pathParam("id");
        if (!PictureIds.isOne(id)) {
            throw new ApiException(ApiError.unknownImage(id));
        }
        return id;
    }

    private static Caller caller(RoutingContext context) {
        return HttpRoutes.caller(context);
    }
}
