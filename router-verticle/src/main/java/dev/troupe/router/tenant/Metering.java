package dev.troupe.router.tenant;

import dev.troupe.cache.limits.RateLimits;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.generate.Pool;
import dev.troupe.store.LoggedRequest;
import dev.troupe.store.UsageRow;
import dev.troupe.store.UsageWriter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What requests take of their limits, and the ledger that they end up in. On the event loop; every future completes there. */
public final class Metering {
    private static final Logger log = LoggerFactory.getLogger(Metering.class);
    /** For the ledger; a row that takes longer is on its way, and nobody waits for it any more. */
    private static final long LEDGER_MILLIS = 5_000;

    private final RateLimits limits;
    private final Optional<Books> books;
    private final Pool.Timers timers;
    private final RecentRefusals refusals;

    /**
     * Where requests are written down when they have ended.
     *
     * @param log of what was asked, as far as tenants allow it
     */
    public record Books(UsageWriter ledger, RequestLogWriter log) {}

    /**
     * @param books empty where there is no database
     * @param clock milliseconds that only grow
     */
    public Metering(RateLimits limits, Optional<Books> books, Pool.Timers timers, LongSupplier clock) {
        this.limits = limits;
        this.books = books;
        this.timers = timers;
        this.refusals = new RecentRefusals(clock);
    }

    /** Writes down what a tenant allows, some time soon; losing it loses nobody's money. */
    public void log(Tenant.Logging logging, Supplier<LoggedRequest> request) {
        if (logging != Tenant.Logging.OFF) {
            books.ifPresent(open -> open.log().add(request.get()));
        }
    }

    public Future<Verdict> reserve(Demand demand) {
        return here(limits.reserve(demand)).onSuccess(verdict -> refusals.remember(demand, verdict));
    }

    /** @return what the pool would say, when that is known without asking it; empty when it must be asked */
    public Optional<Verdict> recentRefusal(Demand demand) {
        return refusals.recall(demand);
    }

    public void settle(Demand demand, long tokensUsed) {
        limits.settle(demand, tokensUsed);
    }

    /** To be called every few seconds. */
    public void renew(Collection<Demand> underWay) {
        limits.renew(underWay);
    }

    /** @return completes when it is on disk, or when nobody should wait for that any longer; never fails */
    public Future<Void> record(UsageRow row) {
        if (books.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        timers.after(LEDGER_MILLIS, () -> {
            if (done.tryComplete()) {
                log.warn(
                        "The ledger takes longer than {} ms; request {} is written when it can",
                        LEDGER_MILLIS,
                        row.requestId());
            }
        });
        here(books.get().ledger().record(row))
                .onFailure(failure -> log.error("Request {} is not in the ledger", row.requestId(), failure))
                .onComplete(written -> done.tryComplete());
        return done.future();
    }

    private <T> Future<T> here(CompletionStage<T> stage) {
        Promise<T> promise = Promise.promise();
        stage.whenComplete((value, failure) -> timers.run(() -> {
            if (failure == null) {
                promise.complete(value);
            } else {
                promise.fail(failure);
            }
        }));
        return promise.future();
    }
}
