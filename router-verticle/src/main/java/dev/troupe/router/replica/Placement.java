package dev.troupe.router.replica;

import dev.troupe.cache.PrefixHash;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which replica is asked: the one that holds the longest prefix of the prompt, then the one with the fewest tokens to do, then one
 * by rendezvous hashing, so that equal ones share evenly.
 *
 * <p>A prefix counts only on a replica that is not much busier than the idlest one. Otherwise a system prompt that everybody uses
 * would send everybody to the one replica that saw it first.
 */
public final class Placement {
    private static final int SPARE_SEQUENCES = 4;
    private static final int IMBALANCE = 2;

    private Placement() {}

    /**
     * @param candidates of one model
     * @param digests of the prompt, as {@link PrefixHash#digests} gives them
     */
    public static Optional<Replica> choose(List<Replica> candidates, List<Long> digests, String affinity) {
        int least = candidates.stream().mapToInt(Replica::sequences).min().orElse(0);
        int busy = SPARE_SEQUENCES + IMBALANCE * least;
        return candidates.stream()
                .min(Comparator.<Replica>comparingInt(replica ->
                                replica.sequences() > busy ? 0 : -PrefixHash.cachedTokens(digests, replica.prefixes()))
                        .thenComparingLong(Replica::outstandingTokens)
                        .thenComparingInt(replica ->
                                mix(affinity.hashCode() * 31 + replica.id().hashCode())));
    }

    /** Ids often differ in their last letter only; this spreads them (the finalizer of MurmurHash3). */
    private static int mix(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
