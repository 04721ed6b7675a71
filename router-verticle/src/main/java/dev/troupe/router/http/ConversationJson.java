package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cache.conversation.Conversation;
import dev.troupe.cache.conversation.Item;
import dev.troupe.router.api.Json;
import java.util.List;
import java.util.TreeMap;

/** Conversations as OpenAI writes them. */
final class ConversationJson {
    private ConversationJson() {}

    static ObjectNode conversation(Conversation conversation) {
        ObjectNode body = Json.object()
                .put("id", conversation.id())
                .put("object", "conversation")
                .put("created_at", conversation.createdAt());
        ObjectNode metadata = body.putObject("metadata");
        new TreeMap<>(conversation.metadata()).forEach(metadata::put);
        return body;
    }

    static ObjectNode deleted(String id) {
        return Json.object().put("id", id).put("object", "conversation.deleted").put("deleted", true);
    }

    static ObjectNode list(List<Item> items, boolean more) {
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        items.forEach(item -> data.add(item(item)));
        return body.put("first_id", items.isEmpty() ? null : items.get(0).id())
                .put(
                        "last_id",
                        items.isEmpty() ? null : items.get(items.size() - 1).id())
                .put("has_more", more);
    }

    private static ObjectNode item(Item item) {
        boolean answer = item.role().equals("assistant");
        ObjectNode body = Json.object()
                .put("type", "message")
                .put("id", item.id())
                .put("status", "completed")
                .put("role", item.role());
        ObjectNode content = body.putArray("content")
                .addObject()
                .put("type", answer ? "output_text" : "input_text")
                .put("text", item.text());
        if (answer) {
            content.putArray("annotations");
        }
        return body;
    }
}
