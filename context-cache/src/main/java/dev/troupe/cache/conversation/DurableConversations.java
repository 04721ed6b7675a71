package dev.troupe.cache.conversation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What keeps conversations beyond the pool's life, and is right whenever it and the pool's memory differ.
 *
 * <p>No method blocks; each stage completes exceptionally when the database cannot do it.
 */
public interface DurableConversations {
    CompletionStage<Void> create(Conversation conversation);

    /** @return of a conversation of this tenant; far cheaper than {@link #load} */
    CompletionStage<Optional<Long>> version(String tenant, String id);

    CompletionStage<Optional<Conversation>> load(String tenant, String id);

    /** All or nothing, durable when it completes, and at most once a request. {@code SUPERSEDED}: it is of another version. */
    CompletionStage<Outcome> append(String tenant, String id, String requestId, long version, List<Item> items);

    /** @return whether there was one */
    CompletionStage<Boolean> delete(String tenant, String id);
}
