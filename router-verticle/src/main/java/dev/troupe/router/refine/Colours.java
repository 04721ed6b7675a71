package dev.troupe.router.refine;

import dev.troupe.cluster.picture.ColourWord;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Colours as phrases of a prompt. */
final class Colours {
    private Colours() {}

    /** @return whether somebody may mean the one by the other: crimson is red */
    static boolean isOf(String phrase, String colour) {
        return family(phrase).isPresent() && family(phrase).equals(family(colour));
    }

    /** @return the same, not so strong: "pale red" for "red", "red" for "dark red" */
    static String faded(String phrase) {
        return shaded(phrase, "pale");
    }

    /** @return with this shade in place of the one that it has */
    static String shaded(String phrase, String shade) {
        String[] words = phrase.split(" ", -1);
        if (words.length == 1) {
            return shade + " " + phrase;
        }
        boolean opposite = words[0].equals("dark")
                ? !shade.equals("dark")
                : shade.equals("dark") && Vocabulary.SHADES.contains(words[0]);
        String bare = phrase.substring(words[0].length() + 1);
        if (!Vocabulary.SHADES.contains(words[0])) {
            return shade + " " + phrase;
        }
        return opposite ? bare : words[0].equals(shade) ? "very " + phrase : shade + " " + bare;
    }

    private static Optional<String> family(String phrase) {
        return Stream.of(phrase.toLowerCase(Locale.ROOT).split(" "))
                .flatMap(word -> ColourWord.of(word).stream())
                .map(ColourWord::family)
                .reduce((first, last) -> last);
    }
}
