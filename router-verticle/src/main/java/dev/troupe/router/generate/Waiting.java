package dev.troupe.router.generate;

import dev.troupe.router.api.ApiError;

/** A request that was taken once and has no replica now: when it tries again, and when it gives up. */
final class Waiting {
    private static final long BETWEEN_TRIES_MILLIS = 250;
    private static final long NOT = Long.MIN_VALUE;

    private final long mostMillis;
    private long since = NOT;
    private long nextTry;
    private ApiError reason;

    Waiting(long mostMillis) {
        this.mostMillis = mostMillis;
    }

    /** @param why nobody took it this time */
    void begin(ApiError why, long now) {
        since = since == NOT ? now : since;
        nextTry = now + BETWEEN_TRIES_MILLIS;
        reason = why;
    }

    /** It waits for others of its kind, which have deadlines of their own. */
    void queue(ApiError why, long now) {
        nextTry = now + BETWEEN_TRIES_MILLIS;
        reason = why;
    }

    /** A replica has it. */
    void over() {
        since = NOT;
    }

    boolean mayTry(long now) {
        return now >= nextTry;
    }

    boolean isHopeless(long now) {
        return since != NOT && now - since >= mostMillis;
    }

    ApiError reason() {
        return reason;
    }
}
