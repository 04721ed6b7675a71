package dev.troupe.router.refine;

import static dev.troupe.router.refine.Phrases.thing;
import static dev.troupe.router.refine.Phrases.thingEnd;

import dev.troupe.router.refine.Phrases.Found;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What may fill a place of a {@link Pattern}. */
interface Slot {
    /** @return each way to fill it from there; none when it cannot be */
    List<? extends Found<?>> at(List<Token> tokens, int from, Scene scene);

    Map<String, Slot> ALL = Map.ofEntries(
            Map.entry("what", Slots::what),
            Map.entry("it", Slots::it),
            Map.entry("many", Slots::many),
            Map.entry("name", Slots::name),
            Map.entry("known", Slots::known),
            Map.entry("new", Slots::anew),
            Map.entry("another", Slots::another),
            Map.entry("subject", Slots::subject),
            Map.entry("colour", Slots::colour),
            Map.entry("shade", Slots.oneOf(Slots.SHADES)),
            Map.entry("size", Slots.oneOf(Slots.SIZES)),
            Map.entry("setting", Slots::setting),
            Map.entry("when", Slots::when),
            Map.entry("style", Slots::style),
            Map.entry("relation", Slots::relation),
            Map.entry("number", Slots::number),
            Map.entry("ordinal", Slots::ordinal),
            Map.entry("picture", References::at),
            Map.entry("adjective", Slots::adjective),
            Map.entry("comparative", Slots::comparative),
            Map.entry("prompt", Slots::prompt));

    static Slot named(String name) {
        return Optional.ofNullable(ALL.get(name)).orElseThrow(() -> new IllegalArgumentException("no slot " + name));
    }

    /** The slots that need no more than a look at some words. */
    final class Slots {
        static final Map<String, String> SHADES = Map.of(
                "darker",
                "dark",
                "dark",
                "dark",
                "lighter",
                "light",
                "light",
                "light",
                "brighter",
                "bright",
                "bright",
                "bright",
                "paler",
                "pale",
                "pale",
                "pale");

        static final Map<String, Integer> SIZES = Map.ofEntries(
                Map.entry("bigger", 1),
                Map.entry("larger", 1),
                Map.entry("taller", 1),
                Map.entry("big", 1),
                Map.entry("large", 1),
                Map.entry("smaller", -1),
                Map.entry("littler", -1),
                Map.entry("tinier", -1),
                Map.entry("shorter", -1),
                Map.entry("small", -1),
                Map.entry("little", -1),
                Map.entry("tiny", -2),
                Map.entry("huge", 2),
                Map.entry("giant", 2),
                Map.entry("gigantic", 2),
                Map.entry("enormous", 2));

        private static final Set<String> WHOLE = Set.of(
                "it",
                "this",
                "that",
                "them",
                "these",
                "those",
                "everything",
                "him",
                "her",
                "he",
                "she",
                "they",
                "both",
                "all");
        private static final Set<String> WHOLE_NOUNS = Set.of("picture", "image", "whole", "thing", "one");
        private static final int MAX_NAME = 4;
        /** What says something of a change, but names neither a thing nor how it is. */
        private static final Set<String> NO_ADJECTIVE = Set.of(
                "be",
                "is",
                "to",
                "look",
                "looks",
                "not",
                "so",
                "too",
                "more",
                "less",
                "make",
                "turn",
                "add",
                "put",
                "remove",
                "give",
                "change",
                "background",
                "again",
                "now",
                "then",
                "instead",
                "another",
                "a",
                "an",
                "the",
                "of",
                "have",
                "different",
                "back",
                "better",
                "sure",
                "no",
                "some",
                "any",
                "happen",
                "work",
                "go",
                "let",
                "very",
                "color",
                "colour",
                "other",
                "number",
                "never",
                "over",
                "after",
                "ever",
                "under",
                "together",
                "either",
                "rather",
                "whether",
                "closer",
                "close",
                "further",
                "nearer",
                "darker",
                "lighter",
                "brighter",
                "paler",
                "water",
                "flower",
                "paper",
                "picture",
                "image");

        private Slots() {}

        static <T> Slot oneOf(Map<String, T> words) {
            return (tokens, from, scene) -> from < tokens.size()
                            && words.containsKey(tokens.get(from).word())
                    ? List.of(new Found<>(from + 1, words.get(tokens.get(from).word())))
                    : List.of();
        }

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
                        && !NO_ADJECTIVE.contains(words.get(0).word())) {
                    found.add(new Found<>(to, Token.text(words).toLowerCase(java.util.Locale.ROOT)));
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

        private static boolean isIn(Scene scene, String name) {
            String text = " " + scene.text().toLowerCase(java.util.Locale.ROOT) + " ";
            return scene.find(name) >= 0 || scene.subject().isEmpty() && text.contains(" " + name + " ");
        }

        /** "A red hat", "glasses", up to where a thing must end. */
        static List<Found<Thing>> anew(List<Token> tokens, int from, Scene scene) {
            int end = from < tokens.size() ? thingEnd(tokens, from) : from;
            List<Found<Thing>> found = new ArrayList<>();
            for (int to = end; to > from && to > end - 3; to--) {
                List<Token> words = tokens.subList(from, to);
                int at = to;
                if (!NO_ADJECTIVE.contains(words.get(words.size() - 1).word()) && !isNoThing(words)) {
                    thing(words).ifPresent(thing -> found.add(new Found<>(at, indefinite(thing))));
                }
            }
            return found;
        }

        private static boolean isNoThing(List<Token> words) {
            return Vocabulary.isColour(words.get(words.size() - 1).word())
                    || NO_ADJECTIVE.contains(words.get(0).word())
                            && !Vocabulary.ARTICLES.contains(words.get(0).word())
                    || words.get(0).word().equals("the")
                            && words.size() > 1
                            && Slots.WHOLE_NOUNS.contains(
                                    words.get(words.size() - 1).word());
        }

        /** As it stands in a prompt: what has no article gets one. */
        private static Thing indefinite(Thing thing) {
            boolean bare = thing.determiner().isEmpty() || Vocabulary.POSSESSIVES.contains(thing.determiner());
            return bare ? thing.counted(Nouns.article(thing.noun()), thing.noun()) : thing;
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

        static List<Found<String>> colour(List<Token> tokens, int from, Scene scene) {
            int end = Phrases.colour(tokens, from);
            if (end == from) {
                return List.of();
            }
            List<Found<String>> found = new ArrayList<>();
            int second = end + 1 < tokens.size() && tokens.get(end).word().equals("and")
                    ? Phrases.colour(tokens, end + 1)
                    : 0;
            if (second > end + 1) {
                found.add(new Found<>(
                        second, Token.text(tokens.subList(from, second)).toLowerCase(java.util.Locale.ROOT)));
            }
            found.add(new Found<>(end, Token.text(tokens.subList(from, end)).toLowerCase(java.util.Locale.ROOT)));
            return found;
        }

        static List<Found<Setting>> setting(List<Token> tokens, int from, Scene scene) {
            return Phrases.setting(tokens, from).stream().toList();
        }

        /** "Night" after "make it". */
        static List<Found<Setting>> when(List<Token> tokens, int from, Scene scene) {
            String word = from < tokens.size() ? tokens.get(from).word() : "";
            Kind kind = Vocabulary.SETTING_NOUNS.get(word);
            Map<String, String> weather = Map.of(
                    "snowy",
                    "in the snow",
                    "rainy",
                    "in the rain",
                    "foggy",
                    "in the fog",
                    "snowing",
                    "in the snow",
                    "raining",
                    "in the rain");
            if (weather.containsKey(word)) {
                return List.of(new Found<>(from + 1, new Setting(Kind.WEATHER, weather.get(word))));
            }
            if (kind == Kind.WEATHER) {
                return List.of(new Found<>(from + 1, new Setting(kind, "in the " + word)));
            }
            if (kind != Kind.TIME) {
                return List.of();
            }
            String time = word.equals("nighttime") ? "night" : word;
            boolean in = Set.of("winter", "summer", "autumn", "spring").contains(time);
            boolean inThe = Set.of("morning", "evening", "afternoon").contains(time);
            String preposition = in ? "in " : inThe ? "in the " : time.startsWith("day") ? "by " : "at ";
            return List.of(new Found<>(from + 1, new Setting(kind, preposition + time)));
        }

        static List<Found<String>> style(List<Token> tokens, int from, Scene scene) {
            int end = Phrases.style(tokens, from);
            return end == from ? List.of() : List.of(new Found<>(end, bare(tokens.subList(from, end))));
        }

        /** Without "as a". */
        private static String bare(List<Token> words) {
            int at = 0;
            boolean of = Phrases.isAt(words, 0, List.of("in", "the", "style", "of"));
            while (!of
                    && at < words.size() - 1
                    && Set.of("as", "in", "like", "a", "an", "the", "more", "very")
                            .contains(words.get(at).word())) {
                at++;
            }
            return Token.text(words.subList(at, words.size())).toLowerCase(java.util.Locale.ROOT);
        }

        static List<Found<String>> relation(List<Token> tokens, int from, Scene scene) {
            int length = Phrases.relation(tokens, from);
            String words = Token.text(tokens.subList(from, Math.min(tokens.size(), from + length)));
            return Vocabulary.OTHER_SIDE.containsKey(words) ? List.of(new Found<>(from + length, words)) : List.of();
        }

        static List<Found<String>> number(List<Token> tokens, int from, Scene scene) {
            String word = from < tokens.size() ? tokens.get(from).word() : "";
            return Vocabulary.number(word) > 0 || word.equals("several") || word.equals("many")
                    ? List.of(new Found<>(from + 1, word))
                    : List.of();
        }

        static List<Found<Integer>> ordinal(List<Token> tokens, int from, Scene scene) {
            String word = from < tokens.size() ? tokens.get(from).word() : "";
            int place = Vocabulary.ORDINALS.indexOf(word);
            if (place < 1 && word.matches("[1-9][0-9]?(st|nd|rd|th)")) {
                place = Integer.parseInt(word.substring(0, word.length() - 2));
            }
            return place < 1 ? List.of() : List.of(new Found<>(from + 1, place));
        }

        /** One word that may say how something is. */
        static List<Found<String>> adjective(List<Token> tokens, int from, Scene scene) {
            if (from >= tokens.size()
                    || Phrases.relation(tokens, from) > 0
                            && !Vocabulary.isDoing(tokens.get(from).word())) {
                return List.of();
            }
            Token token = tokens.get(from);
            boolean fits = token.word().length() > 2
                    && !token.isPause()
                    && !token.isSymbol()
                    && !NO_ADJECTIVE.contains(token.word())
                    && !Vocabulary.TALK.contains(token.word())
                    && !Vocabulary.PRONOUNS.contains(token.word())
                    && scene.find(token.word()) < 0;
            return fits ? List.of(new Found<>(from + 1, token.word())) : List.of();
        }

        /** "Happier", as "happy". */
        static List<Found<String>> comparative(List<Token> tokens, int from, Scene scene) {
            return adjective(tokens, from, scene).stream()
                    .filter(found -> found.value().matches("[a-z]{3,}er"))
                    .map(found -> new Found<>(found.end(), positive(found.value())))
                    .toList();
        }

        private static String positive(String comparative) {
            String stem = comparative.substring(0, comparative.length() - 2);
            if (stem.endsWith("i")) {
                return stem.substring(0, stem.length() - 1) + "y";
            }
            return stem.matches(".*([bdgmnpt])\\1")
                    ? stem.substring(0, stem.length() - 1)
                    : stem.matches(".*([^aeiou][aiu]c|[aeiou]g|[ai]v|[aiu]r|[aiu]d|ut|it|in|af|im|os)")
                            ? stem + "e"
                            : stem;
        }

        /** All that is left, when it begins as a prompt does. */
        static List<Found<String>> prompt(List<Token> tokens, int from, Scene scene) {
            if (another(tokens, from, scene).isEmpty()) {
                return List.of();
            }
            return List.of(new Found<>(tokens.size(), Token.text(tokens.subList(from, tokens.size()))));
        }
    }
}
