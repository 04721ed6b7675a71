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
 * @param place where it is written down
 * @param affinity what goes with it to the same replica, all else being equal: a conversation, or the request alone
 */
public record GenerationSpec(
        String requestId,
        String tenant,
        ServedModel model,
        TokenIds prompt,
        int choices,
        SamplingParams sampling,
        StopStrings stops,
        Place place,
        String affinity) {
    public GenerationSpec {
        requireNonNull(requestId);
        requireNonNull(tenant);
        requireNonNull(model);
        requireNonNull(prompt);
        requireNonNull(sampling);
        requireNonNull(stops);
        requireNonNull(place);
        requireNonNull(affinity);
    }

    /** A request of one prompt that stands for itself. */
    public GenerationSpec(
            String requestId,
            String tenant,
            ServedModel model,
            TokenIds prompt,
            int choices,
            SamplingParams sampling,
            StopStrings stops) {
        this(requestId, tenant, model, prompt, choices, sampling, stops, new Place(requestId, 0, 0), requestId);
    }

    /**
     * A prompt's place in the journal.
     *
     * @param streamId of the whole request
     * @param prompt number among its prompts
     * @param firstChoice number of its first choice among those of all prompts
     */
    public record Place(String streamId, int prompt, int firstChoice) {
        public Place {
            requireNonNull(streamId);
        }
    }

    /** @return tokens to compute and to generate at most */
    long cost() {
        return prompt.size() + (long) choices * sampling.maxTokens();
    }
}
