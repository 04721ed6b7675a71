package dev.troupe.router.http;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.RouterMetrics.Outcome;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.picture.PictureListener;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import dev.troupe.router.picture.PictureStatus.State;
import dev.troupe.router.tenant.Caller;
import dev.troupe.store.LoggedRequest;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request for pictures, from its headers to the last byte of its answer: one job a picture, one ending. */
final class PictureExchange implements Exchanges.Guest {
    private static final Logger log = LoggerFactory.getLogger(PictureExchange.class);
    private static final Logger access = LoggerFactory.getLogger("dev.troupe.access");

    private final HttpServerRequest request;
    private final Caller caller;
    private final PictureParts parts;
    private final Exchanges exchanges;
    private final long begunNanos = System.nanoTime();

    private List<PictureOrder> orders = List.of();
    private Optional<PictureAnswer> answer = Optional.empty();
    private Optional<Demand> reserved = Optional.empty();
    private Future<Void> told = Future.succeededFuture();
    private boolean kept;
    private boolean over;
    private int toEnd;

    PictureExchange(HttpServerRequest request, Caller caller, PictureParts parts, Exchanges exchanges) {
        this.request = request;
        this.caller = caller;
        this.parts = parts;
        this.exchanges = exchanges;
        exchanges.opened(this);
        request.response().closeHandler(closed -> clientGone());
    }

    boolean isOver() {
        return over;
    }

    /** From now on this is what it has of its limits. */
    void reserved(Demand demand) {
        reserved = Optional.of(demand);
        if (over) {
            settle();
        }
    }

    @Override
    public Optional<Demand> reserved() {
        return reserved;
    }

    /**
     * Has all of them made.
     *
     * @param goesOn whether they are made though the client goes
     */
    Future<Void> start(List<PictureOrder> wanted, PictureAnswer to, boolean goesOn) {
        begin(wanted, to, goesOn);
        List<Future<Void>> started = wanted.stream()
                .map(order -> parts.pictures().start(order, new Part(order)))
                .toList();
        return Future.join(started)
                .onSuccess(all -> accepted())
                .onFailure(failure -> cancelAll())
                .mapEmpty();
    }

    /** They are being made already, or have been; what becomes of them is told by whoever looks after them. */
    List<PictureListener> follow(List<PictureOrder> known, PictureAnswer to) {
        begin(known, to, true);
        List<PictureListener> listeners =
                known.stream().<PictureListener>map(Part::new).toList();
        accepted();
        return listeners;
    }

    private void begin(List<PictureOrder> wanted, PictureAnswer to, boolean goesOn) {
        orders = wanted;
        answer = Optional.of(to);
        kept = goesOn;
        toEnd = wanted.size();
        // Only now: a form that cannot be read is told to this handler too, and to its client there is much to say yet.
        request.response().exceptionHandler(failure -> clientGone());
    }

    private void accepted() {
        if (over) {
            if (!kept) {
                cancelAll();
            }
        } else {
            answer.orElseThrow().accepted(orders);
            if (!answer.orElseThrow().waits()) {
                end(Outcome.SUCCESS, request.response().getStatusCode());
            }
        }
    }

    void fail(Throwable failure) {
        if (failure instanceof ApiException known) {
            fail(known.error());
        } else {
            log.error("{} failed in the router", request.path(), failure);
            fail(ApiError.internal("internal_error", "The server made an error. Its log says which."));
        }
    }

    private void fail(ApiError error) {
        if (!over) {
            end(Outcome.of(error.status()), error.status());
            answer.ifPresentOrElse(to -> to.fail(error), () -> Responses.error(request.response(), error));
        }
    }

    @Override
    public void cut(ApiError why) {
        if (!over) {
            end(Outcome.MOVED, why.status());
            if (!kept) {
                cancelAll();
            }
            answer.ifPresentOrElse(to -> to.cut(why), () -> Responses.error(request.response(), why));
        }
    }

    @Override
    public void tick(long now) {
        answer.ifPresent(to -> to.tick(now));
    }

    private void clientGone() {
        if (!over) {
            end(Outcome.CANCELLED, 499);
            if (!kept) {
                cancelAll();
            }
        }
    }

    private void cancelAll() {
        orders.forEach(order -> parts.pictures()
                .cancel(caller.name(), order.id())
                .onFailure(failure -> log.warn("Picture {} could not be cancelled", order.id(), failure)));
    }

    private void finish() {
        answer.orElseThrow()
                .finish(orders)
                .onSuccess(done -> {
                    if (!over) {
                        end(Outcome.SUCCESS, request.response().getStatusCode());
                    }
                })
                .onFailure(this::fail);
    }

    private void end(Outcome outcome, int status) {
        over = true;
        settle();
        double seconds = (System.nanoTime() - begunNanos) / 1e9;
        String model = orders.isEmpty() ? "unknown" : orders.get(0).spec().modelId();
        parts.metrics().ended(model, outcome, seconds);
        access.info(
                "POST {} {} {}s tenant={} model={} pictures={} first={}",
                request.path(),
                status,
                String.format(java.util.Locale.ROOT, "%.3f", seconds),
                caller.name(),
                model,
                orders.size(),
                orders.isEmpty() ? "-" : orders.get(0).id());
        log(model, outcome, status);
        exchanges.closed(this);
    }

    /** As far as the tenant lets it be written down. */
    private void log(String model, Outcome outcome, int status) {
        Tenant.Logging logging = caller.tenant().logging();
        orders.stream().findFirst().ifPresent(first -> parts.metering()
                .log(
                        logging,
                        () -> new LoggedRequest(
                                "req_" + first.id(),
                                caller.name(),
                                caller.keyId(),
                                request.path(),
                                model,
                                System.currentTimeMillis(),
                                status,
                                outcome.label(),
                                logging == Tenant.Logging.FULL
                                        ? Optional.of(first.lineage().asked())
                                        : Optional.empty(),
                                logging == Tenant.Logging.FULL
                                        ? Optional.of(first.spec().prompt())
                                        : Optional.empty())));
    }

    private void settle() {
        reserved.ifPresent(demand -> parts.metering().settle(demand, 0));
        reserved = Optional.empty();
    }

    /** One picture's share of the answer. */
    private final class Part implements PictureListener {
        private final PictureOrder order;

        Part(PictureOrder order) {
            this.order = order;
        }

        @Override
        public void moved(PictureStatus status) {}

        @Override
        public void preview(int index, EncodedPicture picture) {
            if (!over) {
                answer.orElseThrow().preview(order, index, picture);
            }
        }

        @Override
        public void ended(PictureStatus status) {
            if (over) {
                return;
            }
            if (status.state() != State.COMPLETED) {
                fail(status.error().orElseGet(PictureExchange::cancelled));
                return;
            }
            // One after the other, so that the last word comes last.
            told = told.compose(before ->
                    over ? Future.succeededFuture() : answer.orElseThrow().completed(order));
            if (--toEnd == 0) {
                told.onSuccess(all -> finish()).onFailure(PictureExchange.this::fail);
            }
        }
    }

    private static ApiError cancelled() {
        return new ApiError(
                409,
                "This picture was cancelled.",
                "invalid_request_error",
                Optional.empty(),
                Optional.of("image_cancelled"),
                java.util.OptionalInt.empty());
    }
}
