package dev.troupe.router.http;

/**
 * Who sends a request.
 *
 * @param tenant whose prefixes may be shared with it
 */
public record Caller(String tenant) {
    /** Everybody, as long as there are no keys. */
    public static final Caller LOCAL = new Caller("local");
}
