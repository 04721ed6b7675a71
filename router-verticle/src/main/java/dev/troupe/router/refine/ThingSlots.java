package dev.troupe.router.refine;

import static dev.troupe.router.refine.Phrases.thing;
import static dev.troupe.router.refine.Phrases.thingEnd;

import dev.troupe.router.refine.Phrases.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Slots for things: those of the picture by their names, and new ones. */
final class ThingSlots {
    private static final Set<String> WHOLE =
            Set.of("it this that them these those everything him her he she they both all".split(" "));
    private static final Set<String> WHOLE_NOUNS = Set.of("picture", "image", "whole", "thing", "one");
    private static final int MAX_NAME = 4;

    private ThingSlots() {}

    /** A pronoun (empty text), or something by its name. */
    static List<Found<String>> what(List<Token> tokens, int from, Scene scene) {
        if (from >= tokens.size()) {
            return List.of();
        }
        List<Found<String>> found = new ArrayList<>();
        String word = tokens.get(from).word();
        if (WHOLE.contains(word)) {
            found.add(new Found<>(from + 1, ""));
        }
        if (word.equals("the")
                && from + 1 < tokens.size()
                && WHOLE_NOUNS.contains(tokens.get(from + 1).word())) {
            boolean both = tokens.get(from + 1).word().equals("whole");
            found.add(new Found<>(Math.min(tokens.size(), from + (both ? 3 : 2)), ""));
        }
        if (!word.equals("a") && !word.equals("an")) {
            found.addAll(name(tokens, from, scene));
        }
        return found;
    }

    /** A pronoun (empty text), or what is in the picture. */
    static List<Found<String>> it(List<Token> tokens, int from, Scene scene) {
        return what(tokens, from, scene).stream()
                .filter(found -> found.value().isEmpty() || isIn(scene, found.value()))
                .toList();
    }

    /** What is many or cannot be counted: "mountains", "orange stripes", "snow". */
    static List<Found<Thing>> many(List<Token> tokens, int from, Scene scene) {
        return anew(tokens, from, scene).stream()
                .filter(found -> found.value().determiner().isEmpty()
                        && scene.find(found.value().noun()) < 0)
                .toList();
    }

    /** "The hat", "hat", "his red hat": its words without the article; the shortest first. */
    static List<Found<String>> name(List<Token> tokens, int from, Scene scene) {
        if (from >= tokens.size()) {
            return List.of();
        }
        String word = tokens.get(from).word();
        boolean definite = word.equals("the") || word.equals("all") || Vocabulary.POSSESSIVES.contains(word);
        int first = definite || word.equals("a") || word.equals("an") || word.equals("any") ? from + 1 : from;
        int end = Math.min(thingEnd(tokens, first), first + MAX_NAME);
        List<Found<String>> found = new ArrayList<>();
        for (int to = first + 1; to <= end; to++) {
            List<Token> words = tokens.subList(first, to);
            boolean bare = !definite && scene.find(Token.text(words)) < 0 && to < end;
            if (!bare
                    && thing(words).isPresent()
                    && !Vocabulary.NO_NAMES.contains(words.get(0).word())) {
                found.add(new Found<>(to, Token.text(words).toLowerCase(Locale.ROOT)));
            }
        }
        return found;
    }

    /** What is in the picture, by its name. */
    static List<Found<String>> known(List<Token> tokens, int from, Scene scene) {
        return name(tokens, from, scene).stream()
                .filter(found -> isIn(scene, found.value()))
                .toList();
    }

    /** "A red hat", "glasses", up to where a thing must end. */
    static List<Found<Thing>> anew(List<Token> tokens, int from, Scene scene) {
        int end = from < tokens.size() ? thingEnd(tokens, from) : from;
        List<Found<Thing>> found = new ArrayList<>();
        for (int to = end; to > from && to > end - 3; to--) {
            List<Token> words = tokens.subList(from, to);
            int at = to;
            if (!Vocabulary.NO_NAMES.contains(words.get(words.size() - 1).word()) && !isNoThing(words)) {
                thing(words).ifPresent(thing -> found.add(new Found<>(at, indefinite(thing))));
            }
        }
        return found;
    }

    /** The same, but only with an article or a number before it. */
    static List<Found<Thing>> another(List<Token> tokens, int from, Scene scene) {
        boolean indefinite = from < tokens.size()
                && Vocabulary.isDeterminer(tokens.get(from).word())
                && !tokens.get(from).word().equals("the")
                && !Vocabulary.POSSESSIVES.contains(tokens.get(from).word());
        return indefinite ? anew(tokens, from, scene) : List.of();
    }

    static List<Found<String>> subject(List<Token> tokens, int from, Scene scene) {
        return known(tokens, from, scene).stream()
                .filter(found -> scene.find(found.value()) == scene.subjectPlace())
                .toList();
    }

    /** All that is left, when it begins as a prompt does. */
    static List<Found<String>> prompt(List<Token> tokens, int from, Scene scene) {
        if (another(tokens, from, scene).isEmpty()) {
            return List.of();
        }
        return List.of(new Found<>(tokens.size(), Token.text(tokens.subList(from, tokens.size()))));
    }

    private static boolean isIn(Scene scene, String name) {
        String text = " " + scene.text().toLowerCase(Locale.ROOT) + " ";
        return scene.find(name) >= 0 || (scene.subject().isEmpty() && text.contains(" " + name + " "));
    }

    private static boolean isNoThing(List<Token> words) {
        return Vocabulary.isColour(words.get(words.size() - 1).word())
                || (Vocabulary.NO_NAMES.contains(words.get(0).word())
                        && !Vocabulary.ARTICLES.contains(words.get(0).word()))
                || (words.get(0).word().equals("the")
                        && words.size() > 1
                        && WHOLE_NOUNS.contains(words.get(words.size() - 1).word()));
    }

    /** As it stands in a prompt: what has no article gets one. */
    private static Thing indefinite(Thing thing) {
        boolean bare = thing.determiner().isEmpty() || Vocabulary.POSSESSIVES.contains(thing.determiner());
        return bare ? thing.counted(Nouns.article(thing.noun()), thing.noun()) : thing;
    }
}
