package dev.troupe.router.refine;

import java.util.List;
import java.util.Optional;

/**
 * How much of a picture an edit needs gone, as img2img strength from 0 to 1. First guesses, from what is known of such pictures: below 0.5 the
 * outlines stay, above 0.8 little does. To be set right by the measured dialogues.
 */
final class Strengths {
    /** The picture itself. */
    static final double NOTHING = 0;
    /** Something new must find room, and what is there shall stay where it is. */
    static final double ADD = 0.6;
    /** What is gone must be painted over. */
    static final double REMOVE = 0.65;
    /** A surface changes, outlines shall not. */
    static final double STYLE = 0.6;
    /** Another thing in the place and size of the old one. */
    static final double REPLACE = 0.75;
    /** Three where one was: only the setting stays. */
    static final double COUNT = 0.85;
    /** Colours hold on from the picture; where they are to change too, more of it must go. */
    static final double WITH_SMALL_EDITS = 0.1;
    /** What a language model made of a turn may be anything. */
    static final double REWRITTEN = 0.7;

    private Strengths() {}

    /** @return empty when the noise is enough to start from */
    static Optional<Double> of(List<Edit> edits) {
        Optional<Double> most =
                edits.stream().flatMap(edit -> of(edit).stream()).max(Double::compare);
        boolean small = edits.stream().anyMatch(edit -> of(edit).isEmpty());
        return most.map(strength -> small ? Math.min(1, strength + WITH_SMALL_EDITS) : strength);
    }

    private static Optional<Double> of(Edit edit) {
        if (edit instanceof Edit.Add || edit instanceof Edit.BringBack) {
            return Optional.of(ADD);
        }
        if (edit instanceof Edit.Remove || edit instanceof Edit.Only) {
            return Optional.of(REMOVE);
        }
        if (edit instanceof Edit.Restyle) {
            return Optional.of(STYLE);
        }
        if (edit instanceof Edit.Replace) {
            return Optional.of(REPLACE);
        }
        return edit instanceof Edit.Count ? Optional.of(COUNT) : Optional.empty();
    }
}
