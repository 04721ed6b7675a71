package dev.troupe.router.generate;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.stream.StopStrings;

/**
 * One prompt and how to continue it.
 *
 * @param requestId unique in the pool
 * @param choices continuations
 */
public record GenerationSpec(
        String requestId,
        String tenant,
        ServedModel model,
        TokenIds prompt,
        int choices,
        SamplingParams sampling,
        StopStrings stops) {
    public GenerationSpec {
        requireNonNull(requestId);
        requireNonNull(tenant);
        requireNonNull(model);
        requireNonNull(prompt);
        requireNonNull(sampling);
        requireNonNull(stops);
    }

    /** @return tokens to compute and to generate at most */
    long cost() {
        return prompt.size() + (long) choices * sampling.maxTokens();
    }
}
