package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import dev.troupe.cluster.tenant.Share;
import java.util.List;
import java.util.Objects;

/**
 * Router to batcher: please generate. Answered by {@link Admission}.
 *
 * <p>The router owns the request until it ends. Lost, or its answer lost: the router sends it again with the same epoch, and the
 * batcher answers a request that it holds already as admitted, without starting it twice. Late: a batcher that has heard of a
 * newer epoch refuses the older one.
 *
 * @param requestId unique in the pool
 * @param epoch the attempt, from 1; whoever knows a newer one ignores an older one
 * @param tenant whose request it is; prefixes are shared within a tenant only
 * @param routerId node that takes the tokens, see {@link dev.troupe.cluster.Addresses#tokens}
 * @param prompt at least one token
 * @param choices how many continuations, each with its own random stream
 * @param begun what an earlier attempt that was admitted made of each choice, and what therefore must stay as it is; empty: none was admitted.
 *     What has been admitted once is not refused because others wait
 * @param alone whether it was running when replicas died, so that it computes by itself until it has come through a step
 * @param keepWarm whether it is a turn of a conversation that will go on from its answer
 * @param share where it stands among the others; its deadline counts from the arrival of this message
 */
public record GenerateRequest(
        String requestId,
        int epoch,
        String tenant,
        String routerId,
        TokenIds prompt,
        int choices,
        SamplingParams sampling,
        List<Begun> begun,
        boolean alone,
        boolean keepWarm,
        Share share) {

    public GenerateRequest {
        notBlank("requestId", requestId);
        atLeast("epoch", epoch, 1);
        notBlank("tenant", tenant);
        notBlank("routerId", routerId);
        atLeast("prompt", prompt.size(), 1);
        atLeast("choices", choices, 1);
        Objects.requireNonNull(sampling);
        begun = List.copyOf(begun);
        Objects.requireNonNull(share);
        if (!begun.isEmpty() && begun.size() != choices) {
            throw new IllegalArgumentException("begun must be one per choice: " + begun.size() + " for " + choices);
        }
    }

    /** From the beginning, among equals. */
    public GenerateRequest(
            String requestId,
            int epoch,
            String tenant,
            String routerId,
            TokenIds prompt,
            int choices,
            SamplingParams sampling) {
        this(requestId, epoch, tenant, routerId, prompt, choices, sampling, List.of(), false, false, Share.EQUAL);
    }

    /**
     * A choice as far as its router has it.
     *
     * @param tokens generated so far; the next one's index is their number
     * @param ended nothing follows them
     */
    public record Begun(TokenIds tokens, boolean ended) {
        public Begun {
            Objects.requireNonNull(tokens);
        }
    }

    /** @return what is there of a choice already */
    public Begun begun(int choice) {
        return begun.isEmpty() ? new Begun(TokenIds.EMPTY, false) : begun.get(choice);
    }

    public Attempt attempt() {
        return new Attempt(requestId, epoch);
    }
}
