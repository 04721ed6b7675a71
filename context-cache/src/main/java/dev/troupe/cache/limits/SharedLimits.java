package dev.troupe.cache.limits;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits as one router keeps them: the pool decides, in {@value #PATIENCE_MILLIS} ms; if it does not, this router's share does, and the
 * pool hears of it afterwards. Any thread may call.
 */
public final class SharedLimits implements RateLimits {
    static final long PATIENCE_MILLIS = 50;

    /** So that the last try, too, arrives while the pool remembers those before it. */
    private static final long TELL_AGAIN_MILLIS = 120_000;

    private static final Logger log = LoggerFactory.getLogger(SharedLimits.class);

    private final AccountHome home;
    private final Timer timer;
    private final LongSupplier clockMillis;
    private final LocalShare share;
    private final Map<String, Untold> untold = new ConcurrentHashMap<>();

    /** Does something later, unless it is called off. */
    @FunctionalInterface
    public interface Timer {
        /** @return calls it off, if it is not done yet */
        Runnable after(long millis, Runnable task);
    }

    /** An end that the pool has not acknowledged. */
    private record Untold(LimitCommand.Settle end, long sinceMillis) {}

    /**
     * @param clockMillis that never goes back
     * @param routers how many there are in the pool now
     */
    public SharedLimits(AccountHome home, Timer timer, LongSupplier clockMillis, IntSupplier routers) {
        this.home = home;
        this.timer = timer;
        this.clockMillis = clockMillis;
        this.share = new LocalShare(clockMillis, routers);
    }

    @Override
    public CompletionStage<Verdict> reserve(Demand demand) {
        if (!demand.isLimited()) {
            return CompletableFuture.completedStage(Verdict.FREE);
        }
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        Consumer<Optional<Verdict>> decide = pools -> {
            if (decided.compareAndSet(false, true)) {
                verdict.complete(decide(demand, pools));
            }
        };
        CompletionStage<Optional<Verdict>> asked = ask(demand.tenant(), new LimitCommand.Reserve(demand))
                .handle((told, failure) -> Optional.ofNullable(told));
        Runnable callOff = timer.after(PATIENCE_MILLIS, () -> decide.accept(Optional.empty()));
        asked.thenAccept(pools -> {
            callOff.run();
            decide.accept(pools);
        });
        asked.thenAcceptBoth(verdict, (pools, ours) -> reconcile(demand, pools, ours));
        return verdict;
    }

    /** @param pools empty while nobody knows what the pool has done */
    private Verdict decide(Demand demand, Optional<Verdict> pools) {
        if (pools.isEmpty()) {
            return share.reserve(demand);
        }
        if (pools.get().admitted()) {
            share.renew(List.of(demand));
        }
        return pools.get();
    }

    private void reconcile(Demand demand, Optional<Verdict> pools, Verdict ours) {
        if (pools.isPresent() && pools.get().admitted() == ours.admitted()) {
            return;
        }
        if (ours.admitted()) {
            tellUnderWay(demand.tenant(), List.of(demand));
        } else {
            tellEnd(new LimitCommand.Settle(demand, Amounts.NOTHING), clockMillis.getAsLong());
        }
    }

    @Override
    public CompletionStage<Void> settle(Demand demand, long tokensUsed) {
        if (!demand.isLimited()) {
            return CompletableFuture.completedStage(null);
        }
        Amounts spent = new Amounts(1, tokensUsed, demand.images());
        share.settle(demand, spent);
        return tellEnd(new LimitCommand.Settle(demand, spent), clockMillis.getAsLong());
    }

    @Override
    public void renew(Collection<Demand> underWay) {
        long now = clockMillis.getAsLong();
        untold.values().removeIf(late -> late.sinceMillis() <= now - TELL_AGAIN_MILLIS);
        new ArrayList<>(untold.values()).forEach(late -> tellEnd(late.end(), late.sinceMillis()));
        List<Demand> limited = underWay.stream().filter(Demand::isLimited).toList();
        share.renew(limited);
        limited.stream().collect(Collectors.groupingBy(Demand::tenant)).forEach(this::tellUnderWay);
    }

    /** If it is lost, the next call of {@link #renew} says it again. */
    private void tellUnderWay(String tenant, List<Demand> demands) {
        ask(tenant, new LimitCommand.Renew(demands)).whenComplete((done, failure) -> {
            if (failure != null) {
                log.debug("{} requests of {} not renewed", demands.size(), tenant, failure);
            }
        });
    }

    private CompletionStage<Void> tellEnd(LimitCommand.Settle end, long sinceMillis) {
        String id = end.demand().requestId();
        return ask(end.demand().tenant(), end).handle((done, failure) -> {
            if (failure == null) {
                untold.remove(id);
            } else {
                untold.put(id, new Untold(end, sinceMillis));
                log.debug("the end of {} not told", id, failure);
            }
            return null;
        });
    }

    /** What refuses to take the question has failed like what does not answer it. */
    private CompletionStage<Verdict> ask(String tenant, LimitCommand command) {
        try {
            return home.apply(tenant, command);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }
}
