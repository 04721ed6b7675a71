package dev.troupe.router.replica;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which replicas announce which prefix. With it a placement looks each block of the prompt up once, and not once in every replica's digest:
 * for a thousand replicas that is microseconds in place of milliseconds.
 */
final class PrefixIndex {
    /** Most prefixes are held by one replica, so that set is the smallest there is; a mutable one comes with the second holder. */
    private final Map<Long, Set<String>> holders = new HashMap<>();

    /** The replica announces other prefixes than before. */
    void replace(String replicaId, Set<Long> before, Set<Long> now) {
        for (Long prefix : before) {
            if (!now.contains(prefix)) {
                holders.compute(prefix, (key, held) -> without(replicaId, held));
            }
        }
        for (Long prefix : now) {
            if (!before.contains(prefix)) {
                holders.merge(prefix, Set.of(replicaId), PrefixIndex::with);
            }
        }
    }

    private static Set<String> with(Set<String> held, Set<String> another) {
        Set<String> more = held.size() == 1 ? new HashSet<>(held) : held;
        more.addAll(another);
        return more;
    }

    /** @return null, as {@link Map#compute} wants it, when nobody is left */
    private static Set<String> without(String replicaId, Set<String> held) {
        if (held.size() == 1) {
            return null;
        }
        held.remove(replicaId);
        return held.size() == 1 ? Set.copyOf(held) : held;
    }

    /**
     * Who holds how much of a prompt.
     *
     * @param digests as {@link dev.troupe.cache.PrefixHash#digests} gives them
     * @return replica ids for each of its prefixes that somebody holds, the longest first
     */
    List<Set<String>> holders(List<Long> digests) {
        List<Set<String>> found = new ArrayList<>();
        for (int i = digests.size() - 1; i >= 0; i--) {
            Set<String> held = holders.get(digests.get(i));
            if (held != null) {
                found.add(held);
            }
        }
        return found;
    }

    /** @return prefixes that somebody holds */
    int size() {
        return holders.size();
    }
}
