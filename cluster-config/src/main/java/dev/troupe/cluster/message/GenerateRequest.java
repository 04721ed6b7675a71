package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

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
 */
public record GenerateRequest(
        String requestId,
        int epoch,
        String tenant,
        String routerId,
        TokenIds prompt,
        int choices,
        SamplingParams sampling) {

    public GenerateRequest {
        notBlank("requestId", requestId);
        atLeast("epoch", epoch, 1);
        notBlank("tenant", tenant);
        notBlank("routerId", routerId);
        atLeast("prompt", prompt.size(), 1);
        atLeast("choices", choices, 1);
        Objects.requireNonNull(sampling);
    }

    public Attempt attempt() {
        return new Attempt(requestId, epoch);
    }
}
