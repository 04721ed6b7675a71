package dev.troupe.cache.journal;

import static java.util.Objects.requireNonNull;

/**
 * How a request ended.
 *
 * @param error what the client was told, as the API says it; empty unless failed
 */
public record Outcome(Kind kind, String error) {
    /** The order is part of the wire form: append only. */
    public enum Kind {
        DONE,
        FAILED,
        /** Nobody wanted it any more. */
        CANCELLED
    }

    public static final Outcome DONE = new Outcome(Kind.DONE, "");
    public static final Outcome CANCELLED = new Outcome(Kind.CANCELLED, "");

    public Outcome {
        requireNonNull(kind);
        requireNonNull(error);
    }

    public static Outcome failed(String error) {
        return new Outcome(Kind.FAILED, error);
    }
}
