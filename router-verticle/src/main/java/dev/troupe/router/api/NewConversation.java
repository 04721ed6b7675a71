package dev.troupe.router.api;

import java.util.List;
import java.util.Map;

/** {@code POST /v1/conversations}. */
public record NewConversation(Map<String, String> metadata, List<NewItem> items) {
    public NewConversation {
        metadata = Map.copyOf(metadata);
        items = List.copyOf(items);
    }
}
