package dev.troupe.store;

import static java.util.Objects.requireNonNull;

/**
 * One item of a conversation.
 *
 * @param id unique
 * @param requestId of the append that brings it
 * @param body a JSON object; without the character NUL, which PostgreSQL cannot hold and JSON writes as an escape
 */
public record StoredItem(String id, String requestId, String body) {
    public StoredItem {
        requireNonNull(id);
        requireNonNull(requestId);
        requireNonNull(body);
    }

    /** The size only: it is somebody's words. */
    @Override
    public String toString() {
        return "StoredItem[" + id + ", " + body.length() + " chars]";
    }
}
