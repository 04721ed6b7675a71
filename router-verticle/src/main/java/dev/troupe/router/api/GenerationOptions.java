package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/**
 * What chat and plain completions have in common.
 *
 * @param choices continuations for each prompt
 * @param maxTokens absent: up to the rest of the context
 * @param stop strings that end the text and are not part of it
 * @param ignoreEos go on after the model's own end
 * @param includeUsage a last chunk of the stream tells the usage
 * @param background the answer is not waited for; it is fetched later
 */
public record GenerationOptions(
        String model,
        int choices,
        OptionalInt maxTokens,
        SamplingOptions sampling,
        List<String> stop,
        boolean ignoreEos,
        boolean stream,
        boolean includeUsage,
        boolean background) {

    public GenerationOptions {
        requireNonNull(model);
        requireNonNull(maxTokens);
        requireNonNull(sampling);
        stop = List.copyOf(stop);
    }

    /** Kept out of logs: stop strings are somebody's words. */
    @Override
    public String toString() {
        return "GenerationOptions[model=" + model + ", choices=" + choices + ", stream=" + stream + "]";
    }
}
