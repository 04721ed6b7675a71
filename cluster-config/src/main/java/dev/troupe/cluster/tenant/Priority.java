package dev.troupe.cluster.tenant;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose work goes first, the most urgent first. */
public enum Priority {
    INTERACTIVE,
    STANDARD,
    BATCH;

    /** @return the class above it, if there is one */
    public Priority raised() {
        return switch (this) {
            case INTERACTIVE, STANDARD -> INTERACTIVE;
            case BATCH -> STANDARD;
        };
    }

    /** @return the word of commands, JSON and SQL */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return empty when no priority has that word */
    public static Optional<Priority> of(String word) {
        return Stream.of(values())
                .filter(priority -> priority.word().equals(word))
                .findFirst();
    }
}
