package dev.troupe.router.refine;

/** Which picture of the conversation is meant. */
sealed interface Reference {
    /** @param place from 1 */
    record Ordinal(int place) implements Reference {}

    /** @param steps before the newest */
    record Before(int steps) implements Reference {}

    record Newest() implements Reference {}

    /** "The red one", "the one with the hat": the newest whose prompt has these words, but for the newest itself if another has them. */
    record Showing(String words) implements Reference {}
}
