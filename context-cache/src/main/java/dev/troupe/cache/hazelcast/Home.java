package dev.troupe.cache.hazelcast;

import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where conversations live; whose turn it is has been settled before. */
interface Home {
    CompletionStage<Void> create(Conversation conversation);

    CompletionStage<Optional<Conversation>> find(String tenant, String id);

    CompletionStage<Outcome> append(String tenant, String id, String requestId, long version, List<Item> items);

    CompletionStage<Boolean> delete(String tenant, String id);
}
