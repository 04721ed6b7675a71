package dev.troupe.router.generate;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Requests that may be what processes die of run one at a time, so that whatever dies next dies of the one. */
final class Quarantine {
    private final Set<Generation> queue = new LinkedHashSet<>();
    private Optional<Generation> inside = Optional.empty();

    /** @return whether it is this one's turn, and stays so until it leaves; if not, it is told when it is */
    boolean enter(Generation generation) {
        if (inside.isEmpty()) {
            inside = Optional.of(generation);
        }
        if (inside.get() == generation) {
            queue.remove(generation);
            return true;
        }
        queue.add(generation);
        return false;
    }

    void leave(Generation generation) {
        queue.remove(generation);
        if (inside.isPresent() && inside.get() == generation) {
            inside = Optional.empty();
            queue.stream().findFirst().ifPresent(Generation::itsTurn);
        }
    }
}
