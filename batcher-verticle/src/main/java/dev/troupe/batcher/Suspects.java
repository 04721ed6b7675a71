package dev.troupe.batcher;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds the sequence that makes steps fail, or processes die. After a failed step everybody who had rows in it is suspect; suspects run one
 * at a time until each has come through a sampling step, or has failed twice alone.
 */
final class Suspects {
    private static final int MOST_FAILURES_ALONE = 2;

    private final LinkedHashSet<Sequence> suspects = new LinkedHashSet<>();

    /** @return the culprit, once it is sure */
    Optional<Sequence> stepFailed(Collection<Sequence> computing) {
        suspects.addAll(computing);
        if (computing.size() != 1) {
            return Optional.empty();
        }
        Sequence alone = computing.iterator().next();
        return alone.failedAlone() >= MOST_FAILURES_ALONE ? Optional.of(alone) : Optional.empty();
    }

    /** It may be what made a process die. */
    void add(Sequence sequence) {
        suspects.add(sequence);
    }

    void sampled(Sequence sequence) {
        sequence.succeeded();
        suspects.remove(sequence);
    }

    void remove(Sequence sequence) {
        suspects.remove(sequence);
    }

    /** Who must run alone now. One that cannot run is let go: it is tried with the others later. */
    Optional<Sequence> next(Predicate<Sequence> runnable) {
        suspects.removeIf(runnable.negate());
        return suspects.stream().findFirst();
    }
}
