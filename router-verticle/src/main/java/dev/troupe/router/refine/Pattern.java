package dev.troupe.router.refine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A phrase with places to fill, written as {@code make|turn {what} [to|into] {colour}}: words, of which any one will do; in brackets what may
 * be missing; in braces a {@link Slot} with its name, {@code {colour:old}} for a second of its kind. {@code get_rid_of} are three words.
 */
final class Pattern {
    private final List<Element> elements;

    private Pattern(List<Element> elements) {
        this.elements = elements;
    }

    private sealed interface Element {
        record Literal(List<List<String>> ways, boolean optional) implements Element {}

        record Hole(String name, Slot slot) implements Element {}
    }

    /** What the places were filled with. */
    static final class Match {
        private final int end;
        private final Map<String, Object> values;

        private Match(int end, Map<String, Object> values) {
            this.end = end;
            this.values = values;
        }

        int end() {
            return end;
        }

        <T> T get(String name, Class<T> type) {
            return type.cast(values.get(name));
        }

        String text(String name) {
            return get(name, String.class);
        }

        /** @return what {@code {what}} names; empty for a pronoun */
        Optional<String> what() {
            return text("what").isEmpty() ? Optional.empty() : Optional.of(text("what"));
        }
    }

    static Pattern of(String text) {
        return new Pattern(Stream.of(text.split(" ")).map(Pattern::element).toList());
    }

    private static Element element(String text) {
        if (text.startsWith("{")) {
            String name = text.substring(1, text.length() - 1);
            return new Element.Hole(name, Slot.named(name.split(":", 2)[0]));
        }
        boolean optional = text.startsWith("[");
        String words = optional ? text.substring(1, text.length() - 1) : text;
        return new Element.Literal(
                Stream.of(words.split("\\|"))
                        .map(way -> List.of(way.split("_")))
                        .toList(),
                optional);
    }

    /** @return the words that it knows, for whoever corrects spelling */
    Set<String> words() {
        Set<String> words = new LinkedHashSet<>();
        for (Element element : elements) {
            if (element instanceof Element.Literal literal) {
                literal.ways().forEach(words::addAll);
            }
        }
        return words;
    }

    /** @return every way to read it there */
    List<Match> at(List<Token> tokens, int from, Scene scene) {
        List<Match> matches = new ArrayList<>();
        collect(new Reading(tokens, scene, matches), 0, from, Map.of());
        return matches;
    }

    private record Reading(List<Token> tokens, Scene scene, List<Match> matches) {}

    private void collect(Reading reading, int element, int at, Map<String, Object> values) {
        if (element == elements.size()) {
            reading.matches().add(new Match(at, values));
            return;
        }
        if (elements.get(element) instanceof Element.Literal literal) {
            for (List<String> way : literal.ways()) {
                if (Phrases.isAt(reading.tokens(), at, way)) {
                    collect(reading, element + 1, at + way.size(), values);
                }
            }
            if (literal.optional()) {
                collect(reading, element + 1, at, values);
            }
            return;
        }
        Element.Hole hole = (Element.Hole) elements.get(element);
        for (Phrases.Found<?> found : hole.slot().at(reading.tokens(), at, reading.scene())) {
            Map<String, Object> more = new HashMap<>(values);
            more.put(hole.name(), found.value());
            collect(reading, element + 1, found.end(), more);
        }
    }
}
