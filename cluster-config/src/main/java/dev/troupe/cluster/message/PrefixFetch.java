package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;
import static dev.troupe.cluster.message.Checks.wholeChunks;

/**
 * Batcher to worker: bring keys and values of a prefix out of the pool's memory and have them ready for a {@link StepPlan.Import}. Answered
 * by {@link PrefixFetched}.
 *
 * <p>Nothing that a plan can see changes before that import. Lost, or its answer lost: the sequence that waits for it waits no longer than
 * computing would take, and is computed. Doubled: fetched again, ready once. Late, or never imported: the worker drops it after a while, and
 * at once when it hears of a newer incarnation.
 *
 * @param incarnation of the batcher
 * @param id unique within the incarnation
 * @param tenant whose prefix it is
 * @param prefix from its first token on, in whole chunks
 * @param fromToken where what is missing begins, a multiple of {@link KvCopy#CHUNK_TOKENS}
 */
public record PrefixFetch(long incarnation, long id, String tenant, TokenIds prefix, int fromToken) {
    public PrefixFetch {
        atLeast("id", id, 0);
        notBlank("tenant", tenant);
        wholeChunks("prefix", prefix.size());
        atLeast("fromToken", fromToken, 0);
        wholeChunks("fromToken", fromToken);
        atLeast("prefix", prefix.size(), fromToken + 1L);
    }
}
