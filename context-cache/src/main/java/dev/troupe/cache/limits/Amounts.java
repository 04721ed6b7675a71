package dev.troupe.cache.limits;

import dev.troupe.cluster.tenant.Limits.Kind;

/** What a request takes; or, as a difference, what it takes more, where less than nothing comes back. */
public record Amounts(long requests, long tokens, long images) {
    /** Of a request that did not come to be. */
    public static final Amounts NOTHING = new Amounts(0, 0, 0);

    long of(Kind kind) {
        return switch (kind) {
            case REQUESTS_PER_MINUTE -> requests;
            case TOKENS_PER_MINUTE, TOKENS_PER_DAY -> tokens;
            case IMAGES_PER_MINUTE -> images;
            case CONCURRENT_REQUESTS, STORAGE_BYTES -> 0;
        };
    }

    Amounts minus(Amounts other) {
        return new Amounts(requests - other.requests, tokens - other.tokens, images - other.images);
    }
}
