package dev.troupe.router.api;

/** A request to generate, checked as far as it can be without the model. */
public sealed interface ApiRequest permits ChatRequest, CompletionRequest {
    GenerationOptions options();
}
