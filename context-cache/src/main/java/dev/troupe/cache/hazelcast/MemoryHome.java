package dev.troupe.cache.hazelcast;

import com.hazelcast.map.IMap;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** In the memory of two processes and nowhere else: the least used are forgotten when there are too many. */
final class MemoryHome implements Home {
    private final IMap<String, Conversation> map;

    MemoryHome(IMap<String, Conversation> map) {
        this.map = map;
    }

    @Override
    public CompletionStage<Void> create(Conversation conversation) {
        return map.setAsync(conversation.id(), conversation);
    }

    @Override
    public CompletionStage<Optional<Conversation>> find(String tenant, String id) {
        return map.getAsync(id).thenApply(found -> Optional.ofNullable(found)
                .filter(conversation -> conversation.tenant().equals(tenant)));
    }

    @Override
    public CompletionStage<Outcome> append(String tenant, String id, String requestId, long version, List<Item> items) {
        return map.submitToKey(id, new AppendItems(requestId, version, items));
    }

    @Override
    public CompletionStage<Boolean> delete(String tenant, String id) {
        return find(tenant, id)
                .thenCompose(found -> found.isPresent()
                        ? map.removeAsync(id).thenApply(removed -> removed != null)
                        : CompletableFuture.completedFuture(false));
    }
}
