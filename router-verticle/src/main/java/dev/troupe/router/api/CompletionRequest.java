package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * {@code POST /v1/completions}.
 *
 * @param echo the text begins with the prompt
 */
public record CompletionRequest(GenerationOptions options, List<Prompt> prompts, boolean echo) implements ApiRequest {
    public CompletionRequest {
        requireNonNull(options);
        prompts = List.copyOf(prompts);
    }
}
