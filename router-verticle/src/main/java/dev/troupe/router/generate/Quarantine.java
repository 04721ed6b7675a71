package dev.troupe.router.generate;

import java.util.Optional;

/** Requests that may be what processes die of run one at a time, so that whatever dies next dies of the one. */
final class Quarantine {
    private Optional<Generation> inside = Optional.empty();

    /** @return whether it is this one's turn; it is until it leaves */
    boolean enter(Generation generation) {
        if (inside.isEmpty()) {
            inside = Optional.of(generation);
        }
        return inside.get() == generation;
    }

    void leave(Generation generation) {
        if (inside.isPresent() && inside.get() == generation) {
            inside = Optional.empty();
        }
    }
}
