package dev.troupe.cache.limits;

import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.Optional;
import java.util.OptionalLong;

/** So much in such a time, and as much at once. */
record Rate(long limit, long periodMillis) {
    static final long DAY_MILLIS = 86_400_000;
    private static final long MINUTE_MILLIS = 60_000;

    /** @return empty when the kind is not limited, or is none that comes back with time */
    static Optional<Rate> of(Limits limits, Kind kind) {
        OptionalLong period =
                switch (kind) {
                    case REQUESTS_PER_MINUTE, TOKENS_PER_MINUTE, IMAGES_PER_MINUTE -> OptionalLong.of(MINUTE_MILLIS);
                    case TOKENS_PER_DAY -> OptionalLong.of(DAY_MILLIS);
                    case CONCURRENT_REQUESTS, STORAGE_BYTES -> OptionalLong.empty();
                };
        OptionalLong limit = limits.of(kind);
        return limit.isPresent() && period.isPresent()
                ? Optional.of(new Rate(limit.getAsLong(), period.getAsLong()))
                : Optional.empty();
    }

    /** @return what comes back in that time */
    double in(long millis) {
        return (double) limit * millis / periodMillis;
    }

    /** @return milliseconds in which so much comes back, not less; {@link RateLimits.Verdict#NEVER} of what never does */
    long millisFor(double amount) {
        return (long) Math.ceil(amount * periodMillis / limit);
    }
}
