package dev.troupe.cluster.tenant;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a key opens. */
public enum Scope {
    /** Chat, completions, conversations, streams, pictures, models. */
    INFERENCE,
    /** What the tenant has used. */
    USAGE,
    FILES,
    /** Fine-tunes. */
    TRAINING,
    /** The pool, its tenants and keys: the operator's. */
    ADMIN;

    /** @return the word of commands, JSON and SQL */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return empty when no scope has that word */
    public static Optional<Scope> of(String word) {
        return Stream.of(values()).filter(scope -> scope.word().equals(word)).findFirst();
    }
}
