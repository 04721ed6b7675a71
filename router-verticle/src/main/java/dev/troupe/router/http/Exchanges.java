package dev.troupe.router.http;

import dev.troupe.router.RouterMetrics;
import dev.troupe.router.generate.Refusals;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/** All exchanges of a router. */
public final class Exchanges {
    private final RouterMetrics metrics;
    private final LongSupplier clock;
    private final Set<Exchange> open = new LinkedHashSet<>();
    private Optional<Promise<Void>> draining = Optional.empty();
    private boolean cutOff;

    public Exchanges(RouterMetrics metrics, LongSupplier clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    Exchange open(String idPrefix, HttpServerRequest request) {
        String id = idPrefix + UUID.randomUUID().toString().replace("-", "");
        Exchange exchange = new Exchange(id, request.path(), request.response(), metrics, clock, this::close);
        open.add(exchange);
        return exchange;
    }

    private void close(Exchange exchange) {
        open.remove(exchange);
        completeDrain();
    }

    /** Sends keep-alives where they are due. */
    public void tick(long now) {
        List.copyOf(open).forEach(exchange -> exchange.tick(now));
    }

    /** @return completes when no request is left; the caller sees to it that new ones are refused, see {@link #isDraining} */
    public Future<Void> drain() {
        if (draining.isEmpty()) {
            draining = Optional.of(Promise.promise());
        }
        completeDrain();
        return draining.get().future();
    }

    private void completeDrain() {
        if (open.isEmpty()) {
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
            List.copyOf(open).forEach(exchange -> exchange.cut(Refusals.noMajority()));
        }
    }

    public boolean isCutOff() {
        return cutOff;
    }

    public int size() {
        return open.size();
    }
}
