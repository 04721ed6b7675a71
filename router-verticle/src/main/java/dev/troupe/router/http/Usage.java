package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.Json;

/**
 * Tokens of a request, over all its prompts and choices.
 *
 * @param cachedTokens of the prompt tokens, those that came from the prefix cache
 */
record Usage(int promptTokens, int cachedTokens, int completionTokens) {
    ObjectNode toJson() {
        ObjectNode usage = Json.object()
                .put("prompt_tokens", promptTokens)
                .put("completion_tokens", completionTokens)
                .put("total_tokens", promptTokens + completionTokens);
        usage.putObject("prompt_tokens_details")
                .put("cached_tokens", Math.min(cachedTokens, promptTokens))
                .put("audio_tokens", 0);
        usage.putObject("completion_tokens_details")
                .put("reasoning_tokens", 0)
                .put("audio_tokens", 0)
                .put("accepted_prediction_tokens", 0)
                .put("rejected_prediction_tokens", 0);
        return usage;
    }
}
