package dev.troupe.router.replica;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
     * @param holders of the prompt's prefixes, as {@link ReplicaDirectory#holders} gives them
     * @param affinity what goes to the same replica, all else being equal
     */
    public static Optional<Replica> choose(List<Replica> candidates, List<Set<String>> holders, String affinity) {
        Comparator<Replica> byLoad = Comparator.comparingLong(Replica::outstandingTokens)
                .thenComparingInt(
                        replica -> mix(affinity.hashCode() * 31 + replica.id().hashCode()));
        if (!holders.isEmpty()) {
            Map<String, Replica> free = notBusy(candidates);
            for (Set<String> longest : holders) {
                Optional<Replica> best =
                        longest.stream().map(free::get).filter(Objects::nonNull).min(byLoad);
                if (best.isPresent()) {
                    return best;
                }
            }
        }
        return candidates.stream().min(byLoad);
    }

    private static Map<String, Replica> notBusy(List<Replica> candidates) {
        int least = candidates.stream().mapToInt(Replica::sequences).min().orElse(0);
        int busy = SPARE_SEQUENCES + IMBALANCE * least;
        Map<String, Replica> free = new HashMap<>();
        for (Replica replica : candidates) {
            if (replica.sequences() <= busy) {
                free.put(replica.id(), replica);
            }
        }
        return free;
    }

    /** Ids often differ in their last letter only; this spreads them (the finalizer of MurmurHash3). */
    private static int mix(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
