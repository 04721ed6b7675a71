package dev.troupe.router.refine;

import dev.troupe.router.refine.Segment.Kind;
import dev.troupe.router.refine.Segment.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The phrases that prompts and turns have in common. Each is looked for at a place in a list of words. */
final class Phrases {
    private static final int MAX_WORDS = 6;
    private static final List<String> WHERE =
            List.of("on", "in", "at", "under", "against", "by", "during", "over", "with", "inside");
    /** They are part of no thing's name. */
    private static final Set<String> NEVER = Set.of(
            "of", "a", "an", "the", "for", "to", "or", "is", "are", "be", "was", "not", "no", "instead", "rather",
            "than", "too", "so", "should", "must", "would", "could", "can", "do", "does", "please");

    private static final List<String> ANYWHERE = List.of("in", "at", "inside");

    private Phrases() {}

    /** @param end behind its last word */
    record Found<T>(int end, T value) {}

    /** @return how many words of relation begin there; 0 for none */
    static int relation(List<Token> tokens, int from) {
        if (from >= tokens.size()) {
            return 0;
        }
        for (List<String> phrase : Vocabulary.LONG_RELATIONS) {
            if (isAt(tokens, from, phrase)) {
                return phrase.size();
            }
        }
        String word = tokens.get(from).word();
        if (Vocabulary.isDoing(word)) {
            boolean leads =
                    from == 0 || Vocabulary.isDeterminer(tokens.get(from - 1).word());
            int place = from + 1 < tokens.size() && !tokens.get(from + 1).word().equals("and")
                    ? relation(tokens, from + 1)
                    : 0;
            boolean another =
                    place > 0 && Vocabulary.isDoing(tokens.get(from + 1).word());
            return leads && from > 0 ? 0 : another || setting(tokens, from + 1).isPresent() ? 1 : 1 + place;
        }
        return Vocabulary.RELATIONS.contains(word) ? 1 : 0;
    }

    /** @return where a thing that begins there must end at the latest */
    static int thingEnd(List<Token> tokens, int from) {
        for (int i = from; i < tokens.size(); i++) {
            boolean betweenColours = i > from
                    && i + 1 < tokens.size()
                    && tokens.get(i).word().equals("and")
                    && Vocabulary.isColour(tokens.get(i - 1).word())
                    && i + 2 < tokens.size()
                    && Vocabulary.isColour(tokens.get(i + 1).word())
                    && relation(tokens, i + 2) == 0
                    && !tokens.get(i + 2).isPause();
            boolean ends = List.of("instead", "than").contains(tokens.get(i).word())
                    || (!betweenColours
                            && (relation(tokens, i) > 0
                                    || Vocabulary.SETTING_WORDS.containsKey(
                                            tokens.get(i).word())));
            if (tokens.get(i).isPause() || (i > from && ends)) {
                return i;
            }
        }
        return tokens.size();
    }

    /** @return the thing that all these words are; empty when they are none */
    static Optional<Thing> thing(List<Token> words) {
        int from = !words.isEmpty() && Vocabulary.isDeterminer(words.get(0).word()) ? 1 : 0;
        int of = -1;
        for (int i = from + 1; i < words.size() - 1 && of < 0; i++) {
            of = words.get(i).word().equals("of") ? i : -1;
        }
        int noun = (of < 0 ? words.size() : of) - 1;
        if (noun < from || noun - from > MAX_WORDS || words.size() - noun > MAX_WORDS) {
            return Optional.empty();
        }
        List<String> modifiers = modifiers(words.subList(from, noun));
        if (modifiers == null
                || !isPlain(words.get(noun))
                || (of >= 0 && !isTail(words.subList(of + 1, words.size())))) {
            return Optional.empty();
        }
        String determiner = from == 0 ? "" : words.get(0).text();
        boolean article = determiner.equalsIgnoreCase("a") || determiner.equalsIgnoreCase("an");
        return Optional.of(
                new Thing(article ? "a" : determiner, modifiers, Token.text(words.subList(noun, words.size()))));
    }

    /** @return where a colour that begins there ends: "dark blue", "red and white"; the same place for none */
    static int colour(List<Token> tokens, int from) {
        int at = from;
        while (at < tokens.size() && Vocabulary.SHADES.contains(tokens.get(at).word()) && at - from < 3) {
            at++;
        }
        if (at >= tokens.size() || !Vocabulary.isColour(tokens.get(at).word())) {
            at--;
        }
        if (at < from || !Vocabulary.isColour(tokens.get(at).word())) {
            return from;
        }
        at++;
        if (at < tokens.size() && Vocabulary.isColour(tokens.get(at).word())) {
            at++;
        }
        return at;
    }

    /** @return where a style that begins there ends: "a watercolor painting", "in the style of Monet"; the same place for none */
    static int style(List<Token> tokens, int from) {
        int at = from;
        if (isAt(tokens, at, List.of("in", "the", "style", "of"))) {
            int end = Math.min(thingEnd(tokens, at + 4), at + 8);
            return end > at + 4 ? end : from;
        }
        if (at < tokens.size()
                && List.of("as", "in", "like").contains(tokens.get(at).word())) {
            at++;
        }
        if (at < tokens.size() && Vocabulary.ARTICLES.contains(tokens.get(at).word())) {
            at++;
        }
        int end = from;
        for (; at < tokens.size() && at - from < MAX_WORDS; at++) {
            String word = tokens.get(at).word();
            if (Vocabulary.STYLE_NOUNS.contains(word)
                    || Vocabulary.STYLE_ADJECTIVES.contains(word)
                    || (word.equals("style") && at > from)) {
                end = at + 1;
            } else if (!Vocabulary.STYLE_WORDS.contains(word) && !word.equals("very") && !word.equals("more")) {
                break;
            }
        }
        return end;
    }

    /** "at night", "in the dark forest", "on a red background", "in Paris". */
    static Optional<Found<Setting>> setting(List<Token> tokens, int from) {
        if (from >= tokens.size()) {
            return Optional.empty();
        }
        String word = tokens.get(from).word();
        if (Vocabulary.SETTING_WORDS.containsKey(word)) {
            return Optional.of(new Found<>(
                    from + 1,
                    new Setting(
                            Vocabulary.SETTING_WORDS.get(word), tokens.get(from).text())));
        }
        if (!WHERE.contains(word) || relation(tokens, from) != 1) {
            return Optional.empty();
        }
        int end = thingEnd(tokens, from + 1);
        if (end <= from + 1) {
            return Optional.empty();
        }
        Optional<Thing> where = thing(tokens.subList(from + 1, end));
        return where.flatMap(thing -> kind(word, thing))
                .map(kind -> new Found<>(
                        end,
                        new Setting(
                                kind,
                                tokens.get(from).text() + " " + where.get().text())));
    }

    private static Optional<Kind> kind(String preposition, Thing where) {
        String noun = where.noun().toLowerCase(Locale.ROOT);
        Kind known = Vocabulary.SETTING_NOUNS.get(noun);
        boolean shown = preposition.equals("with");
        if (known != null
                && (!shown || known == Kind.BACKGROUND)
                && (!preposition.equals("over") || known == Kind.PLACE)) {
            return Optional.of(known);
        }
        boolean thing = Vocabulary.WORN.contains(where.head())
                || Vocabulary.isColour(noun)
                || Vocabulary.STYLE_NOUNS.contains(where.head())
                || where.head().equals("style");
        return ANYWHERE.contains(preposition) && known == null && !thing ? Optional.of(Kind.PLACE) : Optional.empty();
    }

    static boolean isAt(List<Token> tokens, int from, List<String> words) {
        if (from + words.size() > tokens.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!tokens.get(from + i).word().equals(words.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** @return null when one of them can be no modifier */
    private static List<String> modifiers(List<Token> words) {
        List<String> modifiers = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            int end = colour(words, at);
            while (end > at
                    && end + 1 < words.size()
                    && words.get(end).word().equals("and")
                    && colour(words, end + 1) > end + 1) {
                end = colour(words, end + 1);
            }
            if (end == at) {
                if (!isPlain(words.get(at))) {
                    return null;
                }
                end = at + 1;
            }
            modifiers.add(Token.text(words.subList(at, end)));
            at = end;
        }
        return modifiers;
    }

    private static boolean isTail(List<Token> words) {
        return words.stream()
                .allMatch(word -> isPlain(word)
                        || Vocabulary.isDeterminer(word.word())
                        || word.word().equals("of"));
    }

    private static boolean isPlain(Token token) {
        return !token.isPause()
                && !token.isSymbol()
                && !Vocabulary.RELATIONS.contains(token.word())
                && !Vocabulary.PRONOUNS.contains(token.word())
                && !NEVER.contains(token.word());
    }
}
