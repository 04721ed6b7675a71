package dev.troupe.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.DurableConversations;
import dev.troupe.cache.conversation.Item;
import dev.troupe.cache.conversation.Outcome;
import dev.troupe.cache.conversation.Spoken;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.store.ConversationStore;
import dev.troupe.store.StoredConversation;
import dev.troupe.store.StoredItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.StreamSupport;

/** The pool's conversations in SQL: every call on a thread that may block. */
final class StoredConversations implements DurableConversations {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConversationStore store;
    private final Executor blocking;

    StoredConversations(ConversationStore store, Executor blocking) {
        this.store = store;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Void> create(Conversation conversation) {
        return CompletableFuture.runAsync(
                () -> store.create(new StoredConversation(
                        conversation.id(),
                        conversation.tenant(),
                        conversation.createdAt(),
                        conversation.version(),
                        write(conversation.metadata()),
                        rows(conversation.items()))),
                blocking);
    }

    @Override
    public CompletionStage<Optional<Long>> version(String tenant, String id) {
        return CompletableFuture.supplyAsync(() -> store.version(tenant, id), blocking);
    }

    @Override
    public CompletionStage<Optional<Conversation>> load(String tenant, String id) {
        return CompletableFuture.supplyAsync(
                () -> store.load(tenant, id).map(StoredConversations::conversation), blocking);
    }

    @Override
    public CompletionStage<Outcome> append(String tenant, String id, String requestId, long version, List<Item> items) {
        return CompletableFuture.supplyAsync(
                () -> switch (store.append(tenant, id, requestId, version, rows(items))) {
                    case APPENDED -> Outcome.APPENDED;
                    case REPEATED -> Outcome.REPEATED;
                    case CONFLICT -> Outcome.SUPERSEDED;
                    case UNKNOWN -> Outcome.GONE;
                },
                blocking);
    }

    @Override
    public CompletionStage<Boolean> delete(String tenant, String id) {
        return CompletableFuture.supplyAsync(() -> store.delete(tenant, id), blocking);
    }

    private static List<StoredItem> rows(List<Item> items) {
        return items.stream()
                .map(item -> new StoredItem(item.id(), item.requestId(), body(item)))
                .toList();
    }

    private static String body(Item item) {
        ObjectNode body = JSON.createObjectNode().put("role", item.role()).put("text", item.text());
        item.name().ifPresent(name -> body.put("name", name));
        item.spoken().ifPresent(spoken -> {
            ObjectNode node = body.putObject("spoken").put("model", spoken.fingerprint());
            ArrayNode tokens = node.putArray("tokens");
            for (int token : spoken.tokens().toArray()) {
                tokens.add(token);
            }
        });
        return write(body);
    }

    private static Conversation conversation(StoredConversation row) {
        return new Conversation(
                row.id(),
                row.tenant(),
                row.createdAt(),
                metadata(row.metadata()),
                row.version(),
                row.items().stream().map(StoredConversations::item).toList());
    }

    private static Item item(StoredItem row) {
        JsonNode body = read(row.body());
        return new Item(
                row.id(),
                row.requestId(),
                body.path("role").asText(),
                body.path("text").asText(),
                Optional.ofNullable(body.get("name")).map(JsonNode::asText),
                Optional.ofNullable(body.get("spoken")).map(StoredConversations::spoken));
    }

    private static Spoken spoken(JsonNode node) {
        int[] tokens = StreamSupport.stream(node.path("tokens").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        return new Spoken(node.path("model").asText(), TokenIds.of(tokens));
    }

    private static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings and numbers can always be written", e);
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row of a conversation is not JSON", e);
        }
    }

    private static Map<String, String> metadata(String json) {
        try {
            return JSON.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the metadata of a conversation is not a JSON object of strings", e);
        }
    }
}
