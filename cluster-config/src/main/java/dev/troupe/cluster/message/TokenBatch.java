package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

import java.util.List;

/**
 * Worker (or, for a sequence that never started, batcher) to router: what one step made for that router's streams.
 *
 * <p>The worker owns the tokens until they are acknowledged. Lost: the router sees the gap by {@link TokenRun#firstIndex}, or its
 * probe finds out, and asks with {@link Resend}. Doubled or late: dropped by index and epoch.
 */
public record TokenBatch(String replicaId, List<TokenRun> runs) {
    public TokenBatch {
        notBlank("replicaId", replicaId);
        runs = List.copyOf(runs);
    }
}
