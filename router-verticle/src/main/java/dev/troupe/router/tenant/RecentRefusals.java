package dev.troupe.router.tenant;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Who has had all of his requests a minute. Until the next one comes back, nothing that he may ask for can begin, so a flood of requests is
 * refused before anybody reads a prompt or asks the pool. What other limits refuse depends on the request and is not remembered. On the
 * event loop.
 */
final class RecentRefusals {
    /** The pool is asked again after it: an administrator, or a request that was given back, may have changed its mind. */
    private static final long MOST_MILLIS = 1_000;

    private static final int MANY = 1_000;

    private final Map<Caller, Refusal> refusals = new HashMap<>();
    private final LongSupplier clock;

    /** With the limits that he was refused by: by others he may begin. */
    private record Caller(String tenant, Limits ofTenant, Optional<String> keyId, Limits ofKey) {
        static Caller of(Demand demand) {
            return new Caller(demand.tenant(), demand.ofTenant(), demand.keyId(), demand.ofKey());
        }
    }

    private record Refusal(Verdict verdict, long sinceMillis) {
        boolean holds(long now) {
            return now - sinceMillis < Math.min(MOST_MILLIS, verdict.retryAfterMillis());
        }
    }

    /** @param clock milliseconds that only grow */
    RecentRefusals(LongSupplier clock) {
        this.clock = clock;
    }

    void remember(Demand demand, Verdict verdict) {
        if (verdict.refused().filter(Kind.REQUESTS_PER_MINUTE::equals).isEmpty()) {
            return;
        }
        long now = clock.getAsLong();
        if (refusals.size() >= MANY) {
            refusals.values().removeIf(refusal -> !refusal.holds(now));
        }
        refusals.put(Caller.of(demand), new Refusal(verdict, now));
    }

    /** @return as if the pool were asked now */
    Optional<Verdict> recall(Demand demand) {
        long now = clock.getAsLong();
        return Optional.ofNullable(refusals.get(Caller.of(demand)))
                .filter(refusal -> refusal.holds(now))
                .map(refusal -> later(refusal.verdict(), now - refusal.sinceMillis()));
    }

    private static Verdict later(Verdict verdict, long millis) {
        Map<Kind, Standing> standings = new HashMap<>();
        verdict.standings()
                .forEach((kind, standing) -> standings.put(
                        kind,
                        new Standing(
                                standing.limit(), standing.remaining(), Math.max(0, standing.resetMillis() - millis))));
        return new Verdict(verdict.refused(), verdict.retryAfterMillis() - millis, standings);
    }
}
