package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import java.util.Objects;

/**
 * A sequence the worker does not know yet, whole. It need not have rows in the same plan: after a reset the batcher introduces all that have
 * generated tokens, so that their routers can ask for those with {@link Resend} even while the sequences wait or rest.
 *
 * @param sequenceId unique for the batcher's life
 * @param generated tokens made before, when a resynchronised sequence starts over; their log-probabilities are already with the router or
 *     lost with the old worker's memory
 * @param cachedTokens prompt tokens that came from the cache, for the usage
 */
public record SequenceStart(
        long sequenceId,
        Attempt attempt,
        int choice,
        String routerId,
        TokenIds prompt,
        TokenIds generated,
        int cachedTokens,
        SamplingParams sampling) {

    public SequenceStart {
        Objects.requireNonNull(attempt);
        atLeast("choice", choice, 0);
        notBlank("routerId", routerId);
        atLeast("prompt", prompt.size(), 1);
        Objects.requireNonNull(generated);
        atLeast("cachedTokens", cachedTokens, 0);
        Objects.requireNonNull(sampling);
    }
}
