package dev.troupe.cache.limits;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What one router may let through by itself: of each limit, its part among the routers that live. It hears of all that the router does, so
 * that the part is already used as far as the pool has given of it. Any thread may call.
 */
final class LocalShare {
    /** By then the pool may answer again. */
    private static final long MOST_WAIT_MILLIS = 1_000;

    private final Map<String, TenantAccount> accounts = new HashMap<>();
    private final LongSupplier clockMillis;
    private final IntSupplier routers;

    LocalShare(LongSupplier clockMillis, IntSupplier routers) {
        this.clockMillis = clockMillis;
        this.routers = routers;
    }

    /** @return without standings, since those are the pool's */
    synchronized Verdict reserve(Demand demand) {
        Verdict verdict = apply(demand, new LimitCommand.Reserve(part(demand)));
        long wait =
                verdict.isWorthAnotherTry() ? Math.min(verdict.retryAfterMillis(), MOST_WAIT_MILLIS) : Verdict.NEVER;
        return new Verdict(verdict.refused(), wait, Map.of());
    }

    synchronized void renew(Collection<Demand> underWay) {
        underWay.forEach(demand -> apply(demand, new LimitCommand.Renew(List.of(part(demand)))));
        accounts.values().removeIf(account -> account.isIdleAt(clockMillis.getAsLong()));
    }

    synchronized void settle(Demand demand, Amounts spent) {
        Demand part = part(demand);
        Amounts partSpent = new Amounts(
                spent.requests(), Math.min(spent.tokens(), part.tokens()), Math.min(spent.images(), part.images()));
        apply(demand, new LimitCommand.Settle(part, partSpent));
    }

    private Verdict apply(Demand demand, LimitCommand command) {
        return accounts.computeIfAbsent(demand.tenant(), tenant -> new TenantAccount())
                .apply(command, clockMillis.getAsLong());
    }

    /** A demand that is larger than the part of a limit, but not than the limit, takes the part whole: nothing that can be had is refused for ever. */
    private Demand part(Demand demand) {
        int among = Math.max(1, routers.getAsInt());
        return new Demand(
                demand.requestId(),
                demand.tenant(),
                part(demand.ofTenant(), among),
                demand.keyId(),
                part(demand.ofKey(), among),
                part(demand.tokens(), narrowest(demand, Kind.TOKENS_PER_MINUTE, Kind.TOKENS_PER_DAY), among),
                (int) part(demand.images(), narrowest(demand, Kind.IMAGES_PER_MINUTE), among));
    }

    private static Limits part(Limits limits, int among) {
        Map<Kind, Long> parts = new EnumMap<>(Kind.class);
        limits.most().forEach((kind, limit) -> parts.put(kind, part(limit, among)));
        return new Limits(parts);
    }

    private static long part(long amount, OptionalLong limit, int among) {
        return limit.isEmpty() || amount > limit.getAsLong()
                ? amount
                : Math.min(amount, part(limit.getAsLong(), among));
    }

    /** Rounded up: who may have one request a minute is not locked out by the number of routers. */
    private static long part(long limit, int among) {
        return limit / among + (limit % among == 0 ? 0 : 1);
    }

    private static OptionalLong narrowest(Demand demand, Kind... kinds) {
        return Stream.of(demand.ofTenant(), demand.ofKey())
                .flatMapToLong(limits -> Stream.of(kinds).flatMapToLong(kind -> limits.of(kind).stream()))
                .min();
    }
}
