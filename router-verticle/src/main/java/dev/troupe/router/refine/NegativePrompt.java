package dev.troupe.router.refine;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** What a picture shall not show: phrases between commas, each once. */
final class NegativePrompt {
    private final Set<String> phrases = new LinkedHashSet<>();

    NegativePrompt(String text) {
        Stream.of(text.split(","))
                .map(String::strip)
                .filter(phrase -> !phrase.isEmpty())
                .forEach(phrases::add);
    }

    void with(String phrase) {
        phrases.add(phrase.replace(',', ' ').strip());
    }

    void without(String phrase) {
        phrases.removeIf(phrase::equalsIgnoreCase);
    }

    void clear() {
        phrases.clear();
    }

    String text() {
        return String.join(", ", phrases);
    }
}
