package dev.troupe.router.refine;

import java.util.Objects;

/** A stretch of a prompt. */
sealed interface Segment {
    /** What a setting tells of. */
    enum Kind {
        BACKGROUND,
        PLACE,
        TIME,
        WEATHER,
        /** "sleeping": what the one before it is at. */
        ACTION
    }

    /** @param relation to what stands before it: "with", "next to", "and", a comma; empty for the first */
    record Part(String relation, Thing thing) implements Segment {
        public Part {
            Objects.requireNonNull(relation);
            Objects.requireNonNull(thing);
        }

        Part with(Thing other) {
            return new Part(relation, other);
        }
    }

    /** @param text with its preposition: "at night" */
    record Setting(Kind kind, String text) implements Segment {}

    /** @param leads whether it stands before the first thing, as in "a watercolor of a cat" */
    record Style(String text, boolean leads) implements Segment {}

    /** What is kept as it is: "highly detailed". */
    record Extra(String text) implements Segment {}
}
