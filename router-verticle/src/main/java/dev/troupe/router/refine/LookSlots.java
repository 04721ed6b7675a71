package dev.troupe.router.refine;

import dev.troupe.router.refine.Phrases.Found;
import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Slots for how things look, where they are and how many. */
final class LookSlots {
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

    private static final Map<String, String> WEATHER = Map.of(
            "snowy", "in the snow",
            "rainy", "in the rain",
            "foggy", "in the fog",
            "snowing", "in the snow",
            "raining", "in the rain");

    private LookSlots() {}

    static <T> Slot oneOf(Map<String, T> words) {
        return (tokens, from, scene) -> from < tokens.size()
                        && words.containsKey(tokens.get(from).word())
                ? List.of(new Found<>(from + 1, words.get(tokens.get(from).word())))
                : List.of();
    }

    static List<Found<String>> colour(List<Token> tokens, int from, Scene scene) {
        int end = Phrases.colour(tokens, from);
        if (end == from) {
            return List.of();
        }
        List<Found<String>> found = new ArrayList<>();
        int second =
                end + 1 < tokens.size() && tokens.get(end).word().equals("and") ? Phrases.colour(tokens, end + 1) : 0;
        if (second > end + 1) {
            found.add(
                    new Found<>(second, Token.text(tokens.subList(from, second)).toLowerCase(Locale.ROOT)));
        }
        found.add(new Found<>(end, Token.text(tokens.subList(from, end)).toLowerCase(Locale.ROOT)));
        return found;
    }

    static List<Found<Setting>> setting(List<Token> tokens, int from, Scene scene) {
        return Phrases.setting(tokens, from).stream().toList();
    }

    /** "Night" after "make it". */
    static List<Found<Setting>> when(List<Token> tokens, int from, Scene scene) {
        String word = from < tokens.size() ? tokens.get(from).word() : "";
        Kind kind = Vocabulary.SETTING_NOUNS.get(word);
        if (WEATHER.containsKey(word)) {
            return List.of(new Found<>(from + 1, new Setting(Kind.WEATHER, WEATHER.get(word))));
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
                || (Phrases.relation(tokens, from) > 0
                        && !Vocabulary.isDoing(tokens.get(from).word()))) {
            return List.of();
        }
        Token token = tokens.get(from);
        boolean fits = token.word().length() > 2
                && !token.isPause()
                && !token.isSymbol()
                && !Vocabulary.NO_NAMES.contains(token.word())
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
        return Token.text(words.subList(at, words.size())).toLowerCase(Locale.ROOT);
    }

    private static String positive(String comparative) {
        String stem = comparative.substring(0, comparative.length() - 2);
        if (stem.endsWith("i")) {
            return stem.substring(0, stem.length() - 1) + "y";
        }
        return stem.matches(".*([bdgmnpt])\\1")
                ? stem.substring(0, stem.length() - 1)
                : stem.matches(".*([^aeiou][aiu]c|[aeiou]g|[ai]v|[aiu]r|[aiu]d|ut|it|in|af|im|os)") ? stem + "e" : stem;
    }
}
