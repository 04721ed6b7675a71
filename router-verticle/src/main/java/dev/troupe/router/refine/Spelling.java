package dev.troupe.router.refine;

import dev.troupe.cluster.picture.ColourWord;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Puts right one wrong letter (too many, missing, another, or two that changed places) in a word that rules know, where only one is near. */
final class Spelling {
    private static final int SHORTEST = 4;

    private static final Set<String> KNOWN = known();

    /** Words of their own, though one letter away from one of ours. */
    private static final Set<String> RIGHT = Stream.of(
                    ("crown glue clue flue cold hold bold golf sold goal sink link wink rink pine ping range grange light"
                                    + " right fight might sight tight eight knight peach teach reach bench bread slow know snob show shown"
                                    + " crow grown frown drown block slack lack clack whale while write site wheat goat coat boar road"
                                    + " beaver queen greet preen breen plane plant clear bear pear tear gear hear year dear deer beer peer"
                                    + " shirt short skirt swamp lamp camp cape case cake care race lace pace face mace hood food wood"
                                    + " mood moon noon boon soon spoon mouse house horse hose rose nose pose dose hand sand band land"
                                    + " bird lion line lime mine wine vine pink pint mint cork corn horn born torn worm warm arm farm"
                                    + " ship shop chip hat cat bat rat mat ball bell tall tail mail nail sail rail call wall hall fall"
                                    + " well tell sell doll roll pool tool wool cool coal foal oval star stair chair hair fair pair"
                                    + " tree three free greed reed seed weed feed deed keep deep sheep sleep sweep steep fish dish wish"
                                    + " fist mist list lost post most host ghost coast toast roast boast beast feast east least lead head"
                                    + " read dead beard board heard heart hearth earth cloud clown clove glove love dove move more mole"
                                    + " pole hole role rope hope note vote kite bite mite site plate slate skate state stage stake snake"
                                    + " shake lake bake fake brake drake grape drape shape grave brave crane grain train brain drain"
                                    + " rain ruin coin corn cane cone bone tone stone phone zone lone tan pan fan can van man gold good"
                                    + " stew drew draw drawn straw prawn brawn tale sale male pale palm calm balm paint faint saint"
                                    + " giant grant chant plum plug rug mug bug hug jug pig wig big dig fig fog dog log frog"
                                    + " sunglass glass grass class brass cross dress press tress chess guess game name fame lame tame"
                                    + " same some dome home come comet planet magnet violin violent pearl orange arrange mouth south"
                                    + " ninth tenth fifth sixth filth larger ledger badger tiger finger ginger hunger burger digger")
                            .split(" "))
            .collect(Collectors.toUnmodifiableSet());

    private Spelling() {}

    /**
     * @param used words that are right because somebody used them before
     * @return the same where nothing is to be put right
     */
    static List<Token> corrected(List<Token> tokens, Collection<String> used) {
        return IntStream.range(0, tokens.size())
                .mapToObj(i -> i > 0 && isName(tokens.get(i).text()) ? tokens.get(i) : corrected(tokens.get(i), used))
                .toList();
    }

    private static boolean isName(String text) {
        return Character.isUpperCase(text.codePointAt(0)) && !text.equals(text.toUpperCase(Locale.ROOT));
    }

    private static Token corrected(Token token, Collection<String> used) {
        String word = token.word();
        boolean right = word.length() < SHORTEST
                || KNOWN.contains(word)
                || Vocabulary.TALK.contains(word)
                || Vocabulary.SETTING_NOUNS.containsKey(word)
                || RIGHT.contains(word)
                || RIGHT.contains(Nouns.singular(word))
                || KNOWN.contains(Nouns.singular(word))
                || Vocabulary.WORN.contains(word)
                || used.contains(word)
                || !word.chars().allMatch(sign -> sign >= 'a' && sign <= 'z');
        if (right) {
            return token;
        }
        List<String> near =
                KNOWN.stream().filter(each -> isNear(word, each)).limit(2).toList();
        return near.size() == 1 ? new Token(near.get(0), near.get(0)) : token;
    }

    /** In four letters, one that is another makes too many other words. */
    private static boolean isNear(String word, String known) {
        boolean short4 = word.length() == SHORTEST && known.length() == SHORTEST;
        return isOneAway(word, known) && (!short4 || sorted(word).equals(sorted(known)));
    }

    private static String sorted(String word) {
        return word.chars().sorted().mapToObj(Character::toString).collect(Collectors.joining());
    }

    /** Damerau and Levenshtein's distance is one. */
    static boolean isOneAway(String one, String other) {
        if (one.length() > other.length()) {
            return isOneAway(other, one);
        }
        int from = 0;
        while (from < one.length() && one.charAt(from) == other.charAt(from)) {
            from++;
        }
        String restOfOne = one.substring(from);
        String restOfOther = other.substring(from);
        if (other.length() - one.length() == 1) {
            return restOfOther.substring(1).equals(restOfOne);
        }
        if (one.length() != other.length() || restOfOne.isEmpty()) {
            return false;
        }
        boolean swapped = restOfOne.length() > 1
                && restOfOne.charAt(0) == restOfOther.charAt(1)
                && restOfOne.charAt(1) == restOfOther.charAt(0)
                && restOfOne.substring(2).equals(restOfOther.substring(2));
        return swapped || restOfOne.substring(1).equals(restOfOther.substring(1));
    }

    private static Set<String> known() {
        Stream<String> rules = TurnParser.RULES.stream().flatMap(rule -> rule.pattern().words().stream());
        Stream<String> slots =
                Stream.of(LookSlots.SHADES, LookSlots.SIZES).map(Map::keySet).flatMap(Set::stream);
        // Not places: too many words are near to "road" and "room".
        Stream<String> others = Stream.of(
                        Set.of("night", "midnight", "sunset", "sunrise", "background", "winter", "summer"),
                        Vocabulary.STYLE_NOUNS,
                        Vocabulary.STYLE_ADJECTIVES,
                        Vocabulary.ORDINALS,
                        ColourWord.all().keySet())
                .flatMap(Collection::stream);
        return Stream.of(rules, slots, others)
                .flatMap(words -> words)
                .filter(word -> word.length() >= SHORTEST)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
