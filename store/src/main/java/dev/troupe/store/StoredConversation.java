package dev.troupe.store;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A conversation as it lies in the database.
 *
 * @param createdAt seconds since 1970
 * @param version one more with every append
 * @param metadata a JSON object
 */
public record StoredConversation(
        String id, String tenant, long createdAt, long version, String metadata, List<StoredItem> items) {
    public StoredConversation {
        requireNonNull(id);
        requireNonNull(tenant);
        requireNonNull(metadata);
        items = List.copyOf(items);
    }

    /** The sizes only: it is somebody's words. */
    @Override
    public String toString() {
        return "StoredConversation[" + id + ", version=" + version + ", " + items.size() + " items]";
    }
}
