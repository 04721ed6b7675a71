package dev.troupe.router.http;

/**
 * Who sends a request.
 *
 * @param tenant whose prefixes may be shared with it
 */
record Caller(String tenant) {
    /** Everybody, as long as there are no keys. */
    static final Caller LOCAL = new Caller("local");
}
