package dev.troupe.node.doctor;

import java.util.Objects;

/**
 * What a check found.
 *
 * @param what was looked at, in a word or two
 * @param finding what is so and, when it is not well, what to do
 */
public record Verdict(Level level, String what, String finding) {
    public Verdict {
        Objects.requireNonNull(level);
        Objects.requireNonNull(what);
        Objects.requireNonNull(finding);
    }

    /** How bad it is. */
    public enum Level {
        OK,
        /** Troupe runs, but slower or with less than it could have. */
        WARN,
        /** Troupe does not run like this. */
        FAIL
    }

    public static Verdict ok(String what, String finding) {
        return new Verdict(Level.OK, what, finding);
    }

    public static Verdict warn(String what, String finding) {
        return new Verdict(Level.WARN, what, finding);
    }

    public static Verdict fail(String what, String finding) {
        return new Verdict(Level.FAIL, what, finding);
    }
}
