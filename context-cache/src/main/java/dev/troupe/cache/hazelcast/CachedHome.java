package dev.troupe.cache.hazelcast;

import com.hazelcast.map.IMap;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.DurableConversations;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * In the database, and for a while in the pool's memory. The database is asked for the version each time and for the items only when the
 * memory has another one, so a process that dies between the two writes leaves nothing that is believed and wrong.
 */
final class CachedHome implements Home {
    private static final long HOURS_CACHED = 1;

    private final IMap<String, Conversation> map;
    private final DurableConversations durable;

    CachedHome(IMap<String, Conversation> map, DurableConversations durable) {
        this.map = map;
        this.durable = durable;
    }

    @Override
    public CompletionStage<Void> create(Conversation conversation) {
        return durable.create(conversation).thenCompose(created -> cache(conversation));
    }

    private CompletionStage<Void> cache(Conversation conversation) {
        return map.setAsync(conversation.id(), conversation, HOURS_CACHED, TimeUnit.HOURS);
    }

    @Override
    public CompletionStage<Optional<Conversation>> find(String tenant, String id) {
        return durable.version(tenant, id)
                .thenCompose(version -> version.isEmpty()
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : map.getAsync(id)
                                .thenCompose(cached -> cached != null && cached.version() == version.get()
                                        ? CompletableFuture.completedFuture(Optional.of(cached))
                                        : load(tenant, id)));
    }

    private CompletionStage<Optional<Conversation>> load(String tenant, String id) {
        return durable.load(tenant, id)
                .thenCompose(loaded -> loaded.isEmpty()
                        ? CompletableFuture.completedFuture(loaded)
                        : cache(loaded.get()).thenApply(cached -> loaded));
    }

    @Override
    public CompletionStage<Outcome> append(String tenant, String id, String requestId, long version, List<Item> items) {
        return durable.append(tenant, id, requestId, version, items)
                .thenCompose(outcome -> outcome == Outcome.APPENDED
                        ? map.submitToKey(id, new AppendItems(requestId, version, items))
                                .thenApply(cached -> outcome)
                        : CompletableFuture.completedFuture(outcome));
    }

    @Override
    public CompletionStage<Boolean> delete(String tenant, String id) {
        return durable.delete(tenant, id)
                .thenCompose(deleted -> deleted
                        ? map.removeAsync(id).thenApply(removed -> true)
                        : CompletableFuture.completedFuture(false));
    }
}
