package dev.troupe.store;

/** What some requests used together. */
public record UsageSum(long requests, long promptTokens, long cachedTokens, long completionTokens, long images) {
    public static final UsageSum NONE = new UsageSum(0, 0, 0, 0, 0);
}
