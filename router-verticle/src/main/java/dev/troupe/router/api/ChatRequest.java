package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** {@code POST /v1/chat/completions}. */
public record ChatRequest(GenerationOptions options, List<ChatTurn> messages) implements ApiRequest {
    public ChatRequest {
        requireNonNull(options);
        messages = List.copyOf(messages);
    }
}
