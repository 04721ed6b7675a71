package dev.troupe.router.http;

import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits.Kind;
import dev.troupe.router.api.ApiError;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Limits as OpenAI tells them: {@code x-ratelimit-{limit,remaining,reset}-{requests,tokens,images}}. */
final class LimitHeaders {
    private static final String PREFIX = "x-ratelimit-";

    private LimitHeaders() {}

    static void put(HttpServerResponse response, Verdict verdict) {
        put(response, verdict, Kind.REQUESTS_PER_MINUTE, "requests");
        put(response, verdict, Kind.TOKENS_PER_MINUTE, "tokens");
        put(response, verdict, Kind.IMAGES_PER_MINUTE, "images");
    }

    private static void put(HttpServerResponse response, Verdict verdict, Kind kind, String name) {
        Standing standing = verdict.standings().get(kind);
        if (standing != null) {
            response.putHeader(PREFIX + "limit-" + name, Long.toString(standing.limit()))
                    .putHeader(PREFIX + "remaining-" + name, Long.toString(standing.remaining()))
                    .putHeader(PREFIX + "reset-" + name, duration(standing.resetMillis()));
        }
    }

    /** @return such as {@code 6m0s}, {@code 1.5s} or {@code 20ms} */
    static String duration(long millis) {
        if (millis < 1000) {
            return millis + "ms";
        }
        String seconds =
                String.format(Locale.ROOT, "%.3f", millis % 60_000 / 1000.0).replaceFirst("\\.?0+$", "") + "s";
        return millis < 60_000 ? seconds : millis / 60_000 + "m" + seconds;
    }

    static ApiError refusal(Verdict verdict) {
        Kind kind = verdict.refused().orElseThrow();
        String limit = Optional.ofNullable(verdict.standings().get(kind))
                .map(standing -> " (limit " + standing.limit() + ", remaining " + standing.remaining() + ")")
                .orElse("");
        if (!verdict.isWorthAnotherTry()) {
            return new ApiError(
                    429,
                    "Request too large for your limit on " + words(kind) + limit
                            + (kind == Kind.IMAGES_PER_MINUTE
                                    ? ". Ask for fewer pictures at a time."
                                    : ". Shorten the prompt or ask for fewer tokens."),
                    type(kind),
                    Optional.empty(),
                    Optional.of("rate_limit_exceeded"),
                    OptionalInt.empty());
        }
        int seconds = (int) Math.min(Integer.MAX_VALUE, (verdict.retryAfterMillis() + 999) / 1000);
        return new ApiError(
                429,
                "Rate limit reached on " + words(kind) + limit + ". Please try again in "
                        + duration(verdict.retryAfterMillis()) + ".",
                type(kind),
                Optional.empty(),
                Optional.of("rate_limit_exceeded"),
                OptionalInt.of(Math.max(1, seconds)));
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case REQUESTS_PER_MINUTE -> "requests per minute";
            case TOKENS_PER_MINUTE -> "tokens per minute";
            case IMAGES_PER_MINUTE -> "images per minute";
            case CONCURRENT_REQUESTS -> "requests at the same time";
            case TOKENS_PER_DAY -> "tokens per day";
            case STORAGE_BYTES -> "storage";
        };
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case TOKENS_PER_MINUTE, TOKENS_PER_DAY -> "tokens";
            case REQUESTS_PER_MINUTE, IMAGES_PER_MINUTE, CONCURRENT_REQUESTS, STORAGE_BYTES -> "requests";
        };
    }
}
