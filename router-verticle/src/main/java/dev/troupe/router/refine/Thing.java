package dev.troupe.router.refine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Something in a picture.
 *
 * @param determiner "a" (also for "an"), "the", "three", or nothing
 * @param modifiers in their order, a colour of several words being one: "big", "dark blue"
 * @param noun the last word, with what "of" adds to it: "slice of pizza"
 */
record Thing(String determiner, List<String> modifiers, String noun) {
    Thing {
        Objects.requireNonNull(determiner);
        modifiers = List.copyOf(modifiers);
        if (noun.isBlank()) {
            throw new IllegalArgumentException("a thing without a noun is none");
        }
    }

    /** @return the noun that names it, alone: one, in lower case */
    String head() {
        return Nouns.singular(noun.split(" ", 2)[0].toLowerCase(Locale.ROOT));
    }

    /** @return whether somebody may mean it by that name: "bear" or "teddy bear" for a teddy bear */
    boolean isCalled(String name) {
        String[] words = name.toLowerCase(Locale.ROOT).split(" ");
        String last = Nouns.singular(words[words.length - 1]);
        if (noun.equalsIgnoreCase(name) || (words.length == 1 && head().equals(last))) {
            return true;
        }
        List<String> known = new ArrayList<>();
        modifiers.forEach(modifier ->
                known.addAll(List.of(modifier.toLowerCase(Locale.ROOT).split(" "))));
        return head().equals(last) && known.containsAll(List.of(words).subList(0, words.length - 1));
    }

    Thing counted(String number, String itsNoun) {
        return new Thing(number, modifiers, itsNoun);
    }

    Thing coloured(String colour) {
        List<String> kept = new ArrayList<>(modifiers);
        kept.removeIf(Vocabulary::isColourPhrase);
        int place = 0;
        while (place < kept.size() && isSize(kept.get(place))) {
            place++;
        }
        kept.add(place, colour);
        return new Thing(determiner, kept, noun);
    }

    /** @return its colour; empty text for none */
    String colour() {
        return modifiers.stream().filter(Vocabulary::isColourPhrase).findFirst().orElse("");
    }

    /** @return as {@link Vocabulary#SIZES} has it */
    String size() {
        return modifiers.stream()
                .filter(Thing::isSize)
                .map(modifier -> Vocabulary.SIZE_WORDS.get(modifier.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse("");
    }

    /** @param size empty for one that nothing needs to be said of */
    Thing sized(String size) {
        List<String> kept = new ArrayList<>(modifiers);
        kept.removeIf(Thing::isSize);
        if (!size.isEmpty()) {
            kept.add(0, size);
        }
        return new Thing(determiner, kept, noun);
    }

    Thing described(String word) {
        if (modifiers.stream().anyMatch(word::equalsIgnoreCase)) {
            return this;
        }
        List<String> more = new ArrayList<>(modifiers);
        more.add(0, word);
        return new Thing(determiner, more, noun);
    }

    Thing without(String modifier) {
        return new Thing(
                determiner,
                modifiers.stream()
                        .filter(each -> !each.equalsIgnoreCase(modifier))
                        .toList(),
                noun);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (String modifier : modifiers) {
            text.append(modifier).append(' ');
        }
        text.append(noun);
        return determiner.isEmpty() ? text.toString() : Nouns.article(determiner, text.toString()) + " " + text;
    }

    private static boolean isSize(String modifier) {
        return Vocabulary.SIZE_WORDS.containsKey(modifier.toLowerCase(Locale.ROOT));
    }
}
