package dev.troupe.cache.hazelcast;

import java.util.Optional;

/**
 * Who has the next turn of a conversation.
 *
 * @param version of the conversation that the turn follows, once its holder has read it
 * @param keptAt milliseconds since 1970
 */
record Turn(String requestId, Optional<Long> version, long keptAt) {
    /** A holder that says nothing for so long has died. Far more than the clocks of two machines differ by. */
    static final long PATIENCE_MILLIS = 30_000;

    boolean isOf(String request) {
        return requestId.equals(request);
    }

    boolean isKept(long now) {
        return now - keptAt < PATIENCE_MILLIS;
    }
}
