package dev.troupe.router.generate;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.stream.StopStrings;
import java.util.Optional;

/**
 * One prompt and how to continue it.
 *
 * @param requestId unique in the pool
 * @param choices continuations
 * @param place where it is written down
 * @param conversation that it is a turn of; the turns go to the same replica, all else being equal
 * @param share where it stands among the others; its deadline counts from when it is begun
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
        Optional<String> conversation,
        Share share) {
    public GenerationSpec {
        requireNonNull(requestId);
        requireNonNull(tenant);
        requireNonNull(model);
        requireNonNull(prompt);
        requireNonNull(sampling);
        requireNonNull(stops);
        requireNonNull(place);
        requireNonNull(conversation);
        requireNonNull(share);
    }

    /** A request of one prompt that stands for itself, among equals. */
    public GenerationSpec(
            String requestId,
            String tenant,
            ServedModel model,
            TokenIds prompt,
            int choices,
            SamplingParams sampling,
            StopStrings stops) {
        this(
                requestId,
                tenant,
                model,
                prompt,
                choices,
                sampling,
                stops,
                new Place(requestId, 0, 0),
                Optional.empty(),
                Share.EQUAL);
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

    /** @return what goes with it to the same replica, all else being equal */
    String affinity() {
        return conversation.orElse(requestId);
    }

    /** @return tokens to compute and to generate at most */
    long cost() {
        return prompt.size() + (long) choices * sampling.maxTokens();
    }
}
