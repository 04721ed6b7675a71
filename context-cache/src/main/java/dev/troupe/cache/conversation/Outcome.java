package dev.troupe.cache.conversation;

/** What became of an append. The order is part of the wire form: append only. */
public enum Outcome {
    APPENDED,
    /** This request has appended before; nothing was written. */
    REPEATED,
    /** The turn is not this request's any more; nothing was written. */
    SUPERSEDED,
    /** No such conversation any more. */
    GONE
}
