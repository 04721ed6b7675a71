package dev.troupe.cache.journal;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.util.List;
import java.util.Optional;

/**
 * All that is needed to go on with a request, or to tell its answer again, without the router that took it.
 *
 * @param streamId of the answer, as the client knows it; unique in the pool
 * @param tenant who may ask for it
 * @param keyId key that it came with; empty: none
 * @param route which of the API's routes it came by
 * @param body the request as it came
 * @param created seconds since 1970
 * @param fingerprint of the model's weights
 * @param kept whether it goes on without its client
 * @param keepMillis how long it can be asked for after its end
 * @param prompts at least one
 */
public record StreamHead(
        String streamId,
        String tenant,
        Optional<String> keyId,
        String route,
        Bytes body,
        long created,
        String fingerprint,
        boolean kept,
        long keepMillis,
        List<Prompt> prompts) {
    public StreamHead {
        requireNonNull(streamId);
        requireNonNull(tenant);
        requireNonNull(keyId);
        requireNonNull(route);
        requireNonNull(body);
        requireNonNull(fingerprint);
        prompts = List.copyOf(prompts);
        if (prompts.isEmpty()) {
            throw new IllegalArgumentException("a request has at least one prompt");
        }
    }

    /**
     * One prompt and how it is continued.
     *
     * @param echo text that each of its choices begins with; mostly empty
     */
    public record Prompt(TokenIds tokens, int choices, SamplingParams sampling, String echo) {
        public Prompt {
            requireNonNull(tokens);
            requireNonNull(sampling);
            requireNonNull(echo);
        }
    }

    /** @return choices of all prompts; they are numbered through */
    public int choices() {
        return prompts.stream().mapToInt(Prompt::choices).sum();
    }

    /** The name only: the rest is somebody's words. */
    @Override
    public String toString() {
        return "StreamHead[" + streamId + "]";
    }
}
