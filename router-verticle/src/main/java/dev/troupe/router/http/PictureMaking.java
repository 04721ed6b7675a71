package dev.troupe.router.http;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.PictureFields.Kind;
import dev.troupe.router.api.PictureRequest;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.picture.Beginning;
import dev.troupe.router.picture.PictureIds;
import dev.troupe.router.picture.PictureListener;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureOrdering;
import dev.troupe.router.picture.PictureOrdering.Placing;
import dev.troupe.router.tenant.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** {@code POST} of a wish: body, fields, words understood, model, limits, pool. */
final class PictureMaking {
    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final int LONGEST_KEY = 255;
    private static final int RETRY_SECONDS = 1;

    private final PictureParts parts;
    private final Exchanges exchanges;
    private final RouterConfig config;
    private final PictureBodies bodies;
    private final PictureOrdering ordering;
    private final PictureWatch watch;
    private final PublicUrl publicUrl;
    private final LongSupplier clock;
    private final LongSupplier wallClock;

    /** @param wallClock milliseconds since 1970 */
    PictureMaking(
            Vertx vertx,
            HttpParts http,
            PictureParts parts,
            PictureBodies bodies,
            PublicUrl publicUrl,
            LongSupplier wallClock) {
        this.parts = parts;
        this.exchanges = http.exchanges();
        this.config = http.config();
        this.clock = http.clock();
        this.bodies = bodies;
        this.ordering = new PictureOrdering(parts.config());
        this.watch = new PictureWatch(vertx, parts);
        this.publicUrl = publicUrl;
        this.wallClock = wallClock;
    }

    /** One request, as far as it is known. */
    private record Wish(
            HttpServerRequest request, Caller caller, Kind kind, PictureExchange exchange, PictureBodies.Body body) {
        PictureRequest fields() {
            return body.request();
        }

        boolean waits() {
            String prefer = String.valueOf(request.getHeader("prefer"));
            return fields().telling().waits() && !(prefer.contains("respond-async") && !fields().telling().stream());
        }
    }

    void handle(HttpServerRequest request, Caller caller, Kind kind) {
        boolean crowded = exchanges.size() >= config.maxRequests();
        PictureExchange exchange = new PictureExchange(request, caller, parts, exchanges);
        refusal(crowded)
                .map(error -> Future.<PictureBodies.Body>failedFuture(new ApiException(error)))
                .orElseGet(() -> bodies.read(request, kind))
                .compose(body -> accept(new Wish(request, caller, kind, exchange, body)))
                .onFailure(exchange::fail);
    }

    private Optional<ApiError> refusal(boolean crowded) {
        if (exchanges.isDraining()) {
            return Optional.of(ApiError.unavailable(
                    "draining", "This server is leaving. Please send the request again.", RETRY_SECONDS));
        }
        if (exchanges.isCutOff()) {
            return Optional.of(Refusals.noMajority());
        }
        return crowded
                ? Optional.of(ApiError.rateLimited(
                        "This server has " + config.maxRequests() + " requests at work. Please try again later.",
                        RETRY_SECONDS))
                : Optional.empty();
    }

    private Future<Void> accept(Wish wish) {
        String key = wish.request().getHeader(IDEMPOTENCY_KEY);
        if (key == null) {
            return make(wish, PictureIds.random(), !wish.waits());
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            return Future.failedFuture(new ApiException(ApiError.field(
                    "Idempotency-Key",
                    "invalid_value",
                    "Idempotency-Key takes 1 to " + LONGEST_KEY + " characters, and has " + key.length() + ".")));
        }
        PictureIds ids = PictureIds.named(wish.caller().name(), key);
        return watch.find(wish.caller().name(), ids.id(0))
                .compose(known -> known.isPresent() ? follow(wish, ids, known.get()) : make(wish, ids, true));
    }

    /** Another request of that name was here before: what it has had made is told again. */
    private Future<Void> follow(Wish wish, PictureIds ids, PictureOrder first) {
        if (!isOf(first, wish.fields())) {
            return Future.failedFuture(
                    new ApiException(
                            ApiError.field(
                                    "Idempotency-Key",
                                    "idempotency_key_reused",
                                    "This Idempotency-Key was used with another request. Send the same one again, or take a new key.")));
        }
        List<PictureOrder> orders = IntStream.range(0, wish.fields().count())
                .mapToObj(index -> first.renamed(ids.id(index), first.spec().seed() + index))
                .toList();
        List<PictureListener> listeners = wish.exchange().follow(orders, answer(wish, List.of()));
        for (int i = 0; i < orders.size(); i++) {
            watch.watch(orders.get(i), listeners.get(i), wish.exchange()::isOver);
        }
        return Future.succeededFuture();
    }

    /** As far as both say it. */
    private static boolean isOf(PictureOrder order, PictureRequest fields) {
        PictureSpec spec = order.spec();
        return order.lineage().asked().equals(fields.prompt())
                && fields.model().orElse(spec.modelId()).equals(spec.modelId())
                && fields.size().orElse(spec.width() + "x" + spec.height()).equals(spec.width() + "x" + spec.height())
                && fields.steps().orElse(spec.steps()) == spec.steps()
                && fields.seed().orElse(spec.seed()) == spec.seed()
                && fields.sampler().orElse(spec.sampler()).equals(spec.sampler());
    }

    private Future<Void> make(Wish wish, PictureIds ids, boolean goesOn) {
        Caller caller = wish.caller();
        Future<Beginning> beginning = wish.fields().talk().isOne()
                ? parts.talks().begin(caller.name(), wish.fields())
                : Future.succeededFuture(
                        Beginning.of(wish.fields().prompt(), wish.body().source()));
        return beginning.compose(from -> {
            PictureModel model = PictureOrdering.model(
                    parts.pictures().models(), wish.fields(), from.parent().map(PictureSpec::modelId), caller);
            Placing placing = new Placing(caller, ShareHeaders.of(wish.request(), caller), ids, wallClock.getAsLong());
            List<PictureOrder> orders = ordering.orders(wish.fields(), model, from, placing);
            return parts.library()
                    .checkRoom(caller.name(), caller.keyId())
                    .compose(room -> reserve(wish, orders.size()))
                    .compose(reserved -> wish.exchange().isOver()
                            ? Future.succeededFuture()
                            : wish.exchange().start(orders, answer(wish, from.notes()), goesOn));
        });
    }

    private Future<Void> reserve(Wish wish, int pictures) {
        Caller caller = wish.caller();
        Demand demand = new Demand(
                "images_" + UUID.randomUUID(),
                caller.name(),
                caller.tenant().limits(),
                caller.keyId(),
                caller.keyLimits(),
                0,
                pictures);
        return parts.metering().reserve(demand).map(verdict -> {
            LimitHeaders.put(wish.request().response(), verdict);
            if (!verdict.admitted()) {
                throw new ApiException(LimitHeaders.refusal(verdict));
            }
            wish.exchange().reserved(demand);
            return null;
        });
    }

    private PictureAnswer answer(Wish wish, List<String> notes) {
        HttpServerRequest request = wish.request();
        boolean turn = wish.kind() == Kind.TURN;
        if (!wish.waits()) {
            return new AnnouncedPictures(request.response(), turn);
        }
        PictureTeller teller = new PictureTeller(
                parts.library(), parts.urls(), publicUrl.of(request), () -> wallClock.getAsLong() / 1000);
        return wish.fields().telling().stream()
                ? new StreamedPictures(
                        request.response(),
                        teller,
                        wish.kind().hasSource() ? "image_edit" : "image_generation",
                        config.keepAlive().toMillis(),
                        clock)
                : new WholePictures(
                        request.response(),
                        teller,
                        new WholePictures.Shape(turn, wish.fields().telling().content(), notes));
    }
}
