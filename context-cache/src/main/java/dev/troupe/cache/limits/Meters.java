package dev.troupe.cache.limits;

import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What one tenant or one key has taken, of every kind that is limited. Mutable; for one thread at a time. */
final class Meters {
    /** A place may come free at any moment, and nobody knows at which. */
    private static final long TRY_FOR_A_PLACE_MILLIS = 1_000;

    private final Map<Kind, Bucket> buckets = new EnumMap<>(Kind.class);
    private int places;

    /** A kind of which there is not enough, and for how long. */
    record Shortage(Kind kind, long waitMillis) {
        static Optional<Shortage> longer(Optional<Shortage> one, Optional<Shortage> other) {
            return Stream.concat(one.stream(), other.stream()).max(Comparator.comparingLong(Shortage::waitMillis));
        }
    }

    Meters(Map<Kind, Bucket> buckets) {
        this.buckets.putAll(buckets);
    }

    /** @return whether any of them is of a kind that is counted here */
    static boolean count(Limits limits) {
        return limits.most().keySet().stream().anyMatch(kind -> kind != Kind.STORAGE_BYTES);
    }

    /** @return what the request would have to wait for longest; empty if all of it is there */
    Optional<Shortage> shortage(Limits limits, Amounts amounts, long nowMillis) {
        Optional<Shortage> longest = shortageOfPlaces(limits.of(Kind.CONCURRENT_REQUESTS));
        for (Kind kind : limits.most().keySet()) {
            Optional<Shortage> shortage = Rate.of(limits, kind)
                    .map(rate -> new Shortage(kind, bucket(kind).waitMillis(amounts.of(kind), rate, nowMillis)))
                    .filter(found -> found.waitMillis() > 0);
            longest = Shortage.longer(longest, shortage);
        }
        return longest;
    }

    private Optional<Shortage> shortageOfPlaces(OptionalLong limit) {
        if (limit.isEmpty() || places < limit.getAsLong()) {
            return Optional.empty();
        }
        long wait = limit.getAsLong() == 0 ? Verdict.NEVER : TRY_FOR_A_PLACE_MILLIS;
        return Optional.of(new Shortage(Kind.CONCURRENT_REQUESTS, wait));
    }

    /** Takes whether it is there or not. */
    void take(Limits limits, Amounts amounts, long nowMillis) {
        for (Kind kind : limits.most().keySet()) {
            Rate.of(limits, kind)
                    .ifPresent(rate -> buckets.put(kind, bucket(kind).take(amounts.of(kind), rate, nowMillis)));
        }
    }

    void enter() {
        places++;
    }

    void leave() {
        places--;
    }

    Map<Kind, Standing> standings(Limits limits, long nowMillis) {
        Map<Kind, Standing> standings = new EnumMap<>(Kind.class);
        for (Kind kind : limits.most().keySet()) {
            Rate.of(limits, kind)
                    .ifPresent(rate -> standings.put(kind, bucket(kind).standing(rate, nowMillis)));
        }
        limits.of(Kind.CONCURRENT_REQUESTS)
                .ifPresent(limit ->
                        standings.put(Kind.CONCURRENT_REQUESTS, new Standing(limit, Math.max(0, limit - places), 0)));
        return standings;
    }

    /** @return whether nobody would notice if these were new ones, but for a debt of more than a day */
    boolean areIdle(long nowMillis) {
        return places == 0
                && buckets.values().stream().allMatch(bucket -> bucket.atMillis() <= nowMillis - Rate.DAY_MILLIS);
    }

    Map<Kind, Bucket> buckets() {
        return Map.copyOf(buckets);
    }

    private Bucket bucket(Kind kind) {
        return buckets.getOrDefault(kind, Bucket.WHOLE);
    }
}
