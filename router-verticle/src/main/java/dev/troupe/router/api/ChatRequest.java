package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * {@code POST /v1/chat/completions}.
 *
 * @param conversation id of the one that the messages go on with
 */
public record ChatRequest(GenerationOptions options, List<ChatTurn> messages, Optional<String> conversation)
        implements ApiRequest {
    public ChatRequest {
        requireNonNull(options);
        messages = List.copyOf(messages);
        requireNonNull(conversation);
    }
}
