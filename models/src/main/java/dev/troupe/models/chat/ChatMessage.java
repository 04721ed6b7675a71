package dev.troupe.models.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param role such as system, user, assistant or tool; which ones are allowed is up to the template
 * @param content the text; empty for none
 * @param name of the speaker or tool
 * @param toolCallId which call a tool's message answers
 * @param toolCalls what the assistant called, in OpenAI's shape; arguments are best given as a map, for most templates write
 *     them as JSON themselves
 */
public record ChatMessage(
        String role,
        String content,
        Optional<String> name,
        Optional<String> toolCallId,
        List<Map<String, Object>> toolCalls) {
    public ChatMessage {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(toolCallId, "toolCallId");
        toolCalls = List.copyOf(toolCalls);
    }

    public static ChatMessage of(String role, String content) {
        return new ChatMessage(role, content, Optional.empty(), Optional.empty(), List.of());
    }

    /** As a template sees it: what is not there is undefined. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", role);
        map.put("content", content);
        name.ifPresent(value -> map.put("name", value));
        toolCallId.ifPresent(value -> map.put("tool_call_id", value));
        if (!toolCalls.isEmpty()) {
            map.put("tool_calls", toolCalls);
        }
        return map;
    }
}
