package dev.troupe.router.http;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.router.RouterMetrics;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.tenant.Caller;
import dev.troupe.router.tenant.Metering;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** All exchanges of a router, and those who read along. */
public final class Exchanges {
    /** Between two times that what is under way is said to be, so that what it has reserved lasts. */
    private static final long RENEW_MILLIS = 10_000;

    private final Exchange.Desk desk;
    private long renewed;
    private final Map<String, Exchange> open = new LinkedHashMap<>();
    private final Set<Follower> followers = new LinkedHashSet<>();
    private final Set<Guest> guests = new LinkedHashSet<>();
    private Optional<Promise<Void>> draining = Optional.empty();
    private boolean cutOff;

    /** Another kind of request that this router answers, of work that goes on whoever answers. */
    interface Guest {
        /** Time has passed. */
        void tick(long now);

        /** @return what it has reserved of its limits, while it has */
        Optional<Demand> reserved();

        /** It is answered with this error, or its connection closed in the middle. */
        void cut(ApiError why);
    }

    public Exchanges(RouterMetrics metrics, StreamBook book, Metering metering, LongSupplier clock) {
        this.desk = new Exchange.Desk(metrics, book, metering, clock);
    }

    Exchange open(String idPrefix, HttpServerRequest request, Caller caller) {
        return opened(new Exchange(
                desk.book().nextId(idPrefix),
                request.path(),
                caller,
                Optional.of(request.response()),
                desk,
                this::close));
    }

    /** One that another router has begun. */
    Exchange adopt(String id, String path, Caller caller) {
        return opened(new Exchange(id, path, caller, Optional.empty(), desk, this::close));
    }

    private Exchange opened(Exchange exchange) {
        open.put(exchange.id(), exchange);
        return exchange;
    }

    boolean has(String id) {
        return open.containsKey(id);
    }

    private void close(Exchange exchange) {
        open.remove(exchange.id());
        completeDrain();
    }

    void opened(Follower follower) {
        followers.add(follower);
    }

    void closed(Follower follower) {
        followers.remove(follower);
        completeDrain();
    }

    void opened(Guest guest) {
        guests.add(guest);
    }

    void closed(Guest guest) {
        guests.remove(guest);
        completeDrain();
    }

    /** Sends keep-alives where they are due. */
    public void tick(long now) {
        List.copyOf(open.values()).forEach(exchange -> exchange.tick(now));
        List.copyOf(followers).forEach(follower -> follower.tick(now));
        List.copyOf(guests).forEach(guest -> guest.tick(now));
        if (now - renewed >= RENEW_MILLIS) {
            renewed = now;
            desk.metering()
                    .renew(Stream.concat(
                                    open.values().stream().flatMap(exchange -> exchange.reserved().stream()),
                                    guests.stream().flatMap(guest -> guest.reserved().stream()))
                            .toList());
        }
    }

    /** Somebody has said to the pool that he does not want it any more. */
    public void stop(String id, ApiError why) {
        Exchange exchange = open.get(id);
        if (exchange != null) {
            exchange.stop(why);
        }
    }

    /** @return completes when no request is left; the caller sees to it that new ones are refused, see {@link #isDraining} */
    public Future<Void> drain() {
        if (draining.isEmpty()) {
            draining = Optional.of(Promise.promise());
        }
        completeDrain();
        return draining.get().future();
    }

    /** What another router can go on with is left to it; clients come back to that one. */
    public void move() {
        List.copyOf(open.values()).stream()
                .filter(Exchange::canMove)
                .forEach(exchange -> exchange.cut(Refusals.moved()));
        List.copyOf(followers).forEach(follower -> follower.cut(Refusals.moved()));
        List.copyOf(guests).forEach(guest -> guest.cut(Refusals.moved()));
    }

    private void completeDrain() {
        if (open.isEmpty() && followers.isEmpty() && guests.isEmpty()) {
            draining.ifPresent(Promise::tryComplete);
        }
    }

    public boolean isDraining() {
        return draining.isPresent();
    }

    /** @param held whether more than half of the pool is in sight; without it all that is open is cut, and new ones are to be refused */
    public void majority(boolean held) {
        cutOff = !held;
        if (cutOff) {
            List.copyOf(open.values()).forEach(exchange -> exchange.cut(Refusals.noMajority()));
            List.copyOf(followers).forEach(follower -> follower.cut(Refusals.noMajority()));
            List.copyOf(guests).forEach(guest -> guest.cut(Refusals.noMajority()));
        }
    }

    public boolean isCutOff() {
        return cutOff;
    }

    public int size() {
        return open.size() + followers.size() + guests.size();
    }
}
