package dev.troupe.router.generate;

import dev.troupe.router.stream.GenerationTracker.Pending;
import java.util.List;

/**
 * What a generation begins with when another router has worked on it before.
 *
 * @param term how many routers have, this one included; from 1
 * @param deaths at which it was running
 * @param cachedTokens of the prompt, as the first attempt found them
 * @param written what had come of each choice
 */
public record Inheritance(int term, int deaths, int cachedTokens, List<Pending> written) {
    /** A request of our own. */
    public static final Inheritance NONE = new Inheritance(1, 0, 0, List.of());

    public Inheritance {
        written = List.copyOf(written);
    }

    boolean isInherited() {
        return term > 1;
    }
}
