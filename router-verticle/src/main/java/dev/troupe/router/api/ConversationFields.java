package dev.troupe.router.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cache.conversation.Conversation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what is sent to {@code /v1/conversations}. Every method throws {@link ApiException} when a field is wrong. */
public final class ConversationFields {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private ConversationFields() {}

    public static NewConversation create(ObjectNode body) {
        Fields in = Fields.root(body);
        return new NewConversation(
                CommonFields.metadata(in),
                in.value("items").map(ConversationFields::items).orElse(List.of()));
    }

    public static List<NewItem> items(ObjectNode body) {
        JsonNode items = Fields.root(body).required("items");
        return items(Fields.array(items, "items", Conversation.MAX_ITEMS));
    }

    private static List<NewItem> items(JsonNode value) {
        if (Fields.isEmptyArray(value, "items")) {
            return List.of();
        }
        ArrayNode array = Fields.array(value, "items", Conversation.MAX_ITEMS);
        List<NewItem> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            items.add(item(Fields.of(array.get(i), "items[" + i + "]")));
        }
        return items;
    }

    private static NewItem item(Fields in) {
        String type = in.string("type").orElse("message");
        if (!type.equals("message")) {
            throw invalid(in.path("type"), type, "'message'; this server keeps messages only");
        }
        String role = Fields.string(in.required("role"), in.path("role"));
        if (!List.of("system", "developer", "user", "assistant").contains(role)) {
            throw invalid(in.path("role"), role, "'system', 'developer', 'user', and 'assistant'");
        }
        JsonNode content = in.required("content");
        if (content.isTextual()) {
            return new NewItem(role, content.textValue());
        }
        if (content instanceof ArrayNode parts) {
            return new NewItem(role, text(parts, in.path("content")));
        }
        throw Fields.wrongType(in.path("content"), "one of a string or array of objects", content);
    }

    private static String text(ArrayNode parts, String path) {
        Fields.bounded(parts, path, Conversation.MAX_ITEMS);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Fields part = Fields.of(parts.get(i), path + "[" + i + "]");
            String type = Fields.string(part.required("type"), part.path("type"));
            if (!List.of("input_text", "output_text", "text").contains(type)) {
                throw invalid(part.path("type"), type, "'input_text', 'output_text', and 'text'");
            }
            text.append(Fields.string(part.required("text"), part.path("text")));
        }
        return text.toString();
    }

    private static ApiException invalid(String path, String value, String supported) {
        return Fields.error(
                path,
                "invalid_value",
                "Invalid value: '" + Json.excerpt(value) + "'. Supported values are: " + supported + ".");
    }

    /** @param value a string, or an object with an {@code id} */
    static String id(JsonNode value, String path) {
        return value.isTextual()
                ? value.textValue()
                : Fields.string(Fields.of(value, path).required("id"), path + ".id");
    }

    /** @param limit as the query says it, like the others */
    public static ItemPage page(Optional<String> limit, Optional<String> order, Optional<String> after) {
        if (order.isPresent() && !List.of("asc", "desc").contains(order.get())) {
            throw invalid("order", order.get(), "'asc' and 'desc'");
        }
        return new ItemPage(
                limit.map(ConversationFields::limit).orElse(DEFAULT_LIMIT), order.equals(Optional.of("asc")), after);
    }

    private static int limit(String text) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LIMIT) {
            throw Fields.error(
                    "limit",
                    "invalid_value",
                    "Invalid 'limit': expected an integer between 1 and " + MAX_LIMIT + ", but got '"
                            + Json.excerpt(text) + "'.");
        }
        return Integer.parseInt(text);
    }

    /** Wrong is the id of an item that a page shall begin after. */
    public static ApiException unknownItem(String after) {
        return Fields.error(
                "after",
                "invalid_value",
                "Invalid 'after': no item '" + Json.excerpt(after) + "' in this conversation.");
    }
}
