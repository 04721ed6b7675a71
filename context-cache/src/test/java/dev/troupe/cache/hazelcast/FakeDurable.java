package dev.troupe.cache.hazelcast;

import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.DurableConversations;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A database in a map, which counts how often everything was read and fails when told to. */
final class FakeDurable implements DurableConversations {
    final Map<String, Conversation> rows = new ConcurrentHashMap<>();
    final AtomicInteger loads = new AtomicInteger();
    volatile boolean broken;

    @Override
    public CompletionStage<Void> create(Conversation conversation) {
        rows.put(conversation.id(), conversation);
        return answer(null);
    }

    @Override
    public CompletionStage<Optional<Long>> version(String tenant, String id) {
        return answer(row(tenant, id).map(Conversation::version));
    }

    @Override
    public CompletionStage<Optional<Conversation>> load(String tenant, String id) {
        loads.incrementAndGet();
        return answer(row(tenant, id));
    }

    @Override
    public synchronized CompletionStage<Outcome> append(
            String tenant, String id, String requestId, long version, List<Item> items) {
        Optional<Conversation> row = row(tenant, id);
        if (broken || row.isEmpty()) {
            return answer(Outcome.GONE);
        }
        if (row.get().holds(requestId)) {
            return answer(Outcome.REPEATED);
        }
        if (row.get().version() != version) {
            return answer(Outcome.SUPERSEDED);
        }
        rows.put(id, row.get().append(items));
        return answer(Outcome.APPENDED);
    }

    @Override
    public CompletionStage<Boolean> delete(String tenant, String id) {
        return answer(row(tenant, id).map(row -> rows.remove(id)).isPresent());
    }

    private Optional<Conversation> row(String tenant, String id) {
        return Optional.ofNullable(rows.get(id)).filter(row -> row.tenant().equals(tenant));
    }

    private <T> CompletionStage<T> answer(T value) {
        return broken
                ? CompletableFuture.failedFuture(new IllegalStateException("the database is away"))
                : CompletableFuture.completedFuture(value);
    }
}
