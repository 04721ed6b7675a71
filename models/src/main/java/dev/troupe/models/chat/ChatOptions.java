package dev.troupe.models.chat;

import java.util.List;
import java.util.Map;

/**
 * What a template takes beside the messages.
 *
 * @param addGenerationPrompt whether the prompt ends where the assistant begins to speak
 * @param tools functions the assistant may call, in OpenAI's shape
 * @param variables further ones that a template knows, such as {@code enable_thinking}; they may not replace the messages,
 *     tools and tokens
 */
public record ChatOptions(boolean addGenerationPrompt, List<Map<String, Object>> tools, Map<String, Object> variables) {
    /** For an answer without tools. */
    public static final ChatOptions ANSWER = new ChatOptions(true, List.of(), Map.of());

    public ChatOptions {
        tools = List.copyOf(tools);
        variables = Map.copyOf(variables);
    }
}
