package dev.troupe.router.refine;

import dev.troupe.router.refine.Phrases.Found;
import dev.troupe.router.refine.Reference.Before;
import dev.troupe.router.refine.Reference.Newest;
import dev.troupe.router.refine.Reference.Ordinal;
import dev.troupe.router.refine.Reference.Showing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How people speak of a picture that was made. */
final class References {
    private static final String ONE = "one|picture|image|version|try|result|attempt|variant";

    private record Way(Pattern pattern, Function<Pattern.Match, Reference> meaning) {}

    /** Made at first use, as its patterns know slots which know this class. */
    private static final class Ways {
        static final List<Way> ALL = List.of(
                way("[the] [very] {ordinal} [" + ONE + "]", match -> new Ordinal(match.get("ordinal", Integer.class))),
                way(
                        "[the] number|picture|image|version {number}",
                        match -> new Ordinal(Vocabulary.number(match.text("number")))),
                way("the original|beginning|start [" + ONE + "]", match -> new Ordinal(1)),
                way("how_it_was_before|what_we_had_before|what_it_was_before", match -> new Before(1)),
                way("[the|my] previous|earlier|prior|former [" + ONE + "]", match -> new Before(1)),
                way("the one|" + ONE + " before [that|it|this|last|the_last_one]", match -> new Before(1)),
                way("the other [" + ONE + "]", match -> new Before(1)),
                way("the last|latest|newest|current [" + ONE + "]", match -> new Newest()),
                way("the {colour} " + ONE, match -> new Showing(match.text("colour"))),
                way("the " + ONE + " with {name}", match -> new Showing(match.text("name"))),
                way("the " + ONE + " in {colour}", match -> new Showing(match.text("colour"))));
    }

    private References() {}

    static List<Found<Reference>> at(List<Token> tokens, int from, Scene scene) {
        List<Found<Reference>> found = new ArrayList<>();
        for (Way way : Ways.ALL) {
            way.pattern()
                    .at(tokens, from, scene)
                    .forEach(match ->
                            found.add(new Found<>(match.end(), way.meaning().apply(match))));
        }
        return found;
    }

    private static Way way(String pattern, Function<Pattern.Match, Reference> meaning) {
        return new Way(Pattern.of(pattern), meaning);
    }
}
