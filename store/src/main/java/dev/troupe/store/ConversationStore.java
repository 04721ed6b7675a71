package dev.troupe.store;

import java.util.List;
import java.util.Optional;

/**
 * Conversations that outlast every process. Another tenant's does not exist.
 *
 * <p>Every call blocks; see the package. What a call that returned has written is durable. Each throws {@link StoreException} when the
 * database fails.
 */
public interface ConversationStore {
    /** What became of an append. */
    enum Outcome {
        APPENDED,
        /** This request has appended before; nothing was written. */
        REPEATED,
        /** The conversation is of another version; nothing was written. */
        CONFLICT,
        /** No such conversation. */
        UNKNOWN
    }

    /** @param conversation whose id is new */
    void create(StoredConversation conversation);

    /** @return without reading the items */
    Optional<Long> version(String tenant, String id);

    Optional<StoredConversation> load(String tenant, String id);

    /**
     * Appends in order, all or nothing, at most once for each request.
     *
     * @param version that the conversation must have; it has the next one afterwards
     * @param items all of the same request
     */
    Outcome append(String tenant, String id, String requestId, long version, List<StoredItem> items);

    /** @return whether there was one */
    boolean delete(String tenant, String id);
}
