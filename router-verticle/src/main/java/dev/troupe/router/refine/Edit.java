package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Part;
import dev.troupe.router.refine.Segment.Setting;
import java.util.Optional;

/** What a turn asks for. Where {@code what} is empty, the subject is meant. */
sealed interface Edit {
    record Recolour(Optional<String> what, String colour) implements Edit {}

    /** "Not so red." */
    record Fade(String colour) implements Edit {}

    /** @param shade "dark", "light", "bright", "pale" */
    record Shade(Optional<String> what, String shade) implements Edit {}

    record Add(Part part) implements Edit {}

    /** "Bring back the moon": as it was in an earlier prompt. */
    record BringBack(String name) implements Edit {}

    /** @param name empty for what came last: "remove it" */
    record Remove(String name) implements Edit {}

    /** "Only the boat": nothing else of what is there. */
    record Only(String name) implements Edit {}

    record Replace(Optional<String> what, Thing by) implements Edit {}

    /** @param steps of {@link Vocabulary#SIZES} up, or down where negative */
    record Resize(Optional<String> what, int steps) implements Edit {}

    record Place(Setting setting) implements Edit {}

    /** "Without the background." */
    record ClearBackground() implements Edit {}

    /** @param more "more cartoonish": more than it is */
    record Restyle(String style, boolean more) implements Edit {}

    record Count(Optional<String> what, String number) implements Edit {}

    /** @param less "less fluffy" */
    record Describe(Optional<String> what, String word, boolean less) implements Edit {}

    /** "Another one." */
    record Again() implements Edit {}

    record GoBack(Reference to) implements Edit {}

    /** A picture of its own. */
    record Begin(String prompt) implements Edit {}

    /** What nobody understands: kept as a modifier. */
    record Append(String words) implements Edit {}
}
