package dev.troupe.cache.limits;

import dev.troupe.cache.limits.Meters.Shortage;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a tenant and its keys have taken. A request is unknown, under way or over; whatever is said of one that is over changes nothing. One
 * of which nothing is heard for {@value #LEASE_MILLIS} ms is as if it had never been, until something is heard of it again.
 *
 * <p>Mutable; for one thread at a time.
 */
public final class TenantAccount {
    static final long LEASE_MILLIS = 90_000;

    /** Longer than anything that was said of a request may be on its way. */
    static final long MEMORY_MILLIS = 180_000;

    /**
     * A clock that goes back by less is waited for: clocks that are kept alike step back and forth a little all the time, and each step forth
     * would be time that never was.
     */
    private static final long STILL_MILLIS = 5_000;

    private static final Comparator<Standing> NARROWER =
            Comparator.comparingLong(Standing::remaining).thenComparingLong(Standing::limit);

    private final Meters tenant;
    private final Map<String, Meters> keys = new HashMap<>();

    /** By id, whose lease ends first comes first. */
    private final Map<String, UnderWay> underWay = new LinkedHashMap<>();

    /** By id, until when it is remembered; in that order. */
    private final Map<String, Long> over = new LinkedHashMap<>();

    private long nowMillis;
    private long behindMillis;

    /**
     * A request under way.
     *
     * @param demand as it was reserved; the limits may be others by now
     */
    public record UnderWay(Demand demand, long untilMillis) {}

    /** Everything, for a copy. Times are the account's own. */
    public record Saved(
            long nowMillis,
            long behindMillis,
            Map<Kind, Bucket> tenant,
            Map<String, Map<Kind, Bucket>> keys,
            List<UnderWay> underWay,
            Map<String, Long> over) {}

    /** A new one, of which nothing is taken. */
    public TenantAccount() {
        this(new Saved(0, 0, Map.of(), Map.of(), List.of(), Map.of()));
    }

    /** @param saved what {@link #save} said */
    public TenantAccount(Saved saved) {
        nowMillis = saved.nowMillis();
        behindMillis = saved.behindMillis();
        tenant = new Meters(saved.tenant());
        saved.keys().forEach((id, buckets) -> keys.put(id, new Meters(buckets)));
        for (UnderWay request : saved.underWay()) {
            underWay.put(request.demand().requestId(), request);
            holders(request.demand()).forEach(holder -> holder.meters.enter());
        }
        over.putAll(saved.over());
    }

    public Saved save() {
        Map<String, Map<Kind, Bucket>> ofKeys = new HashMap<>();
        keys.forEach((id, meters) -> ofKeys.put(id, meters.buckets()));
        return new Saved(
                nowMillis,
                behindMillis,
                tenant.buckets(),
                ofKeys,
                List.copyOf(underWay.values()),
                new LinkedHashMap<>(over));
    }

    /**
     * Does what a command says.
     *
     * @param clockMillis of any clock that goes; where it goes back, the account's own time goes on from where it was
     */
    public Verdict apply(LimitCommand command, long clockMillis) {
        advance(clockMillis);
        if (command instanceof LimitCommand.Reserve reserve) {
            return reserve(reserve.demand());
        }
        if (command instanceof LimitCommand.Renew renew) {
            renew.underWay().forEach(this::hold);
        } else if (command instanceof LimitCommand.Settle settle) {
            settle(settle.demand(), settle.spent());
        }
        return Verdict.FREE;
    }

    private void advance(long clockMillis) {
        if (nowMillis - (clockMillis + behindMillis) > STILL_MILLIS) {
            behindMillis = nowMillis - clockMillis;
        }
        nowMillis = Math.max(nowMillis, clockMillis + behindMillis);
        forget();
    }

    private void forget() {
        Iterator<UnderWay> leases = underWay.values().iterator();
        while (leases.hasNext()) {
            UnderWay first = leases.next();
            if (first.untilMillis() > nowMillis) {
                break;
            }
            leases.remove();
            replace(first.demand(), first.demand().amounts(), Amounts.NOTHING);
            holders(first.demand()).forEach(holder -> holder.meters.leave());
        }
        Iterator<Long> memories = over.values().iterator();
        while (memories.hasNext() && memories.next() <= nowMillis) {
            memories.remove();
        }
    }

    private Verdict reserve(Demand demand) {
        Optional<Shortage> shortage = isKnown(demand) ? Optional.empty() : shortage(demand);
        if (shortage.isEmpty()) {
            hold(demand);
        }
        return new Verdict(
                shortage.map(Shortage::kind), shortage.map(Shortage::waitMillis).orElse(0L), standings(demand));
    }

    private boolean isKnown(Demand demand) {
        return underWay.containsKey(demand.requestId()) || over.containsKey(demand.requestId());
    }

    private Optional<Shortage> shortage(Demand demand) {
        Optional<Shortage> longest = Optional.empty();
        for (Holder holder : holders(demand)) {
            longest = Shortage.longer(longest, holder.meters.shortage(holder.limits, demand.amounts(), nowMillis));
        }
        return longest;
    }

    private void hold(Demand demand) {
        String id = demand.requestId();
        if (over.containsKey(id)) {
            return;
        }
        UnderWay known = underWay.remove(id);
        if (known == null) {
            replace(demand, Amounts.NOTHING, demand.amounts());
            holders(demand).forEach(holder -> holder.meters.enter());
        }
        underWay.put(id, new UnderWay(known == null ? demand : known.demand(), nowMillis + LEASE_MILLIS));
    }

    private void settle(Demand demand, Amounts spent) {
        if (over.putIfAbsent(demand.requestId(), nowMillis + MEMORY_MILLIS) != null) {
            return;
        }
        UnderWay known = underWay.remove(demand.requestId());
        if (known == null) {
            replace(demand, Amounts.NOTHING, spent);
        } else {
            replace(known.demand(), known.demand().amounts(), spent);
            holders(known.demand()).forEach(holder -> holder.meters.leave());
        }
    }

    private void replace(Demand demand, Amounts before, Amounts after) {
        holders(demand).forEach(holder -> holder.meters.take(holder.limits, after.minus(before), nowMillis));
    }

    private Map<Kind, Standing> standings(Demand demand) {
        Map<Kind, Standing> narrowest = new EnumMap<>(Kind.class);
        for (Holder holder : holders(demand)) {
            holder.meters
                    .standings(holder.limits, nowMillis)
                    .forEach((kind, standing) -> narrowest.merge(
                            kind, standing, (one, other) -> NARROWER.compare(one, other) <= 0 ? one : other));
        }
        return narrowest;
    }

    private record Holder(Meters meters, Limits limits) {}

    /** @return whose limits hold for the demand */
    private List<Holder> holders(Demand demand) {
        List<Holder> holders = new ArrayList<>(List.of(new Holder(tenant, demand.ofTenant())));
        if (Meters.count(demand.ofKey())) {
            holders.add(new Holder(ofKey(demand.keyId().orElseThrow()), demand.ofKey()));
        }
        return holders;
    }

    private Meters ofKey(String id) {
        Meters known = keys.get(id);
        if (known != null) {
            return known;
        }
        // Keys come and go; no more are held than were used within a day.
        keys.values().removeIf(meters -> meters.areIdle(nowMillis));
        Meters added = new Meters(Map.of());
        keys.put(id, added);
        return added;
    }

    /** @return whether it may as well be forgotten */
    public boolean isIdleAt(long clockMillis) {
        advance(clockMillis);
        return underWay.isEmpty()
                && over.isEmpty()
                && tenant.areIdle(nowMillis)
                && keys.values().stream().allMatch(meters -> meters.areIdle(nowMillis));
    }
}
