package dev.troupe.router.refine;

import dev.troupe.cluster.picture.ColourWord;
import dev.troupe.router.refine.Segment.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words that prompts and turns are understood by. */
final class Vocabulary {
    static final Set<String> ARTICLES = Set.of("a", "an", "the", "some");
    static final Set<String> POSSESSIVES = Set.of("my", "his", "her", "its", "their", "your", "our", "this", "that");

    static final List<String> NUMBERS = List.of(
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");

    static final Set<String> MANY = Set.of("several", "many", "few", "pair", "dozen");

    static final List<String> ORDINALS = List.of(
            "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth");

    /** Words for a whole that was spoken of. */
    static final Set<String> PRONOUNS = Set.of(
            "it",
            "this",
            "that",
            "them",
            "these",
            "those",
            "he",
            "him",
            "she",
            "they",
            "one",
            "ones",
            "everything",
            "something",
            "i",
            "you",
            "me",
            "we",
            "us");

    static final Set<String> SHADES = Set.of(
            "dark", "light", "bright", "pale", "deep", "neon", "pastel", "soft", "hot", "sky", "royal", "baby", "very",
            "vivid", "forest", "rose", "lemon", "navy", "lime", "olive");

    /** From the smallest to the largest; nothing is in the middle. */
    static final List<String> SIZES = List.of("tiny", "small", "", "big", "huge");

    static final Map<String, String> SIZE_WORDS = Map.ofEntries(
            Map.entry("tiny", "tiny"),
            Map.entry("minuscule", "tiny"),
            Map.entry("miniature", "tiny"),
            Map.entry("small", "small"),
            Map.entry("little", "small"),
            Map.entry("big", "big"),
            Map.entry("large", "big"),
            Map.entry("huge", "huge"),
            Map.entry("giant", "huge"),
            Map.entry("gigantic", "huge"),
            Map.entry("enormous", "huge"),
            Map.entry("massive", "huge"));

    static final Set<String> WORN = words(
            "hat cap crown helmet scarf glasses sunglasses tie bowtie beard mustache moustache necklace earring earrings"
                    + " mask cape coat jacket dress shirt suit sweater boots shoes gloves backpack flag umbrella"
                    + " headphones monocle wig ribbon bow collar belt hoodie costume uniform armor armour tuxedo");

    static final Map<String, Kind> SETTING_NOUNS = Stream.of(
                    kind(Kind.BACKGROUND, "background backdrop"),
                    kind(
                            Kind.TIME,
                            "night nighttime midnight day daytime daylight noon midday dawn dusk twilight sunset sunrise"
                                    + " morning evening afternoon winter summer autumn spring moonlight sunlight"),
                    kind(Kind.WEATHER, "snow rain fog mist storm thunderstorm wind sunshine blizzard snowstorm"),
                    kind(
                            Kind.PLACE,
                            "beach hill hills mountain mountains forest wood woods jungle desert city town village street"
                                    + " road park garden field meadow farm sea ocean water lake river pond island sky"
                                    + " clouds space moon mars planet room kitchen bedroom grass sand ice stars"))
            .flatMap(map -> map.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    /** Alone, without a preposition, they say where or when. */
    static final Map<String, Kind> SETTING_WORDS = Map.of(
            "underwater", Kind.PLACE,
            "outdoors", Kind.PLACE,
            "indoors", Kind.PLACE,
            "outside", Kind.PLACE);

    static final Set<String> STYLE_NOUNS = words(
            "watercolor watercolour painting drawing sketch cartoon comic photo photograph picture image illustration"
                    + " render rendering anime manga icon emoji sticker logo mosaic origami engraving woodcut etching"
                    + " collage poster art portrait clipart doodle graffiti fresco silhouette");

    static final Set<String> STYLE_WORDS = words(
            "oil pencil ink charcoal crayon chalk acrylic pastel pixel digital line vector flat 3d 2d concept pop black"
                    + " and white stained glass clay lego low poly simple minimal retro vintage children's child's"
                    + " japanese chinese detailed colourful colorful hand-drawn old");

    static final Set<String> STYLE_ADJECTIVES = words(
            "cartoonish cartoony realistic photorealistic painterly sketchy abstract minimalist minimalistic surreal"
                    + " impressionist cubist pixelated hyperrealistic lifelike comic-like stylized stylised");

    static final Set<String> RELATIONS = words(
            "with without and in on at under underneath below beneath above over beside behind near by between among"
                    + " around inside through against from into onto during but like as");

    static final List<List<String>> LONG_RELATIONS = Stream.of(
                    "in front of",
                    "on top of",
                    "next to",
                    "close to",
                    "made of",
                    "made from",
                    "full of",
                    "covered in",
                    "covered with",
                    "filled with",
                    "dressed as",
                    "dressed in",
                    "surrounded by")
            .map(phrase -> List.of(phrase.split(" ")))
            .toList();

    /** What a change of sides makes of a relation: a tree behind the house is a house in front of a tree. */
    static final Map<String, String> OTHER_SIDE = Map.ofEntries(
            Map.entry("next to", "next to"),
            Map.entry("beside", "beside"),
            Map.entry("near", "near"),
            Map.entry("close to", "close to"),
            Map.entry("behind", "in front of"),
            Map.entry("in front of", "behind"),
            Map.entry("above", "under"),
            Map.entry("over", "under"),
            Map.entry("under", "over"),
            Map.entry("below", "above"),
            Map.entry("on", "with"),
            Map.entry("on top of", "with"),
            Map.entry("in", "with"),
            Map.entry("inside", "with"));

    private static final Set<String> NOT_DOING = words(
            "ring king wing building painting string spring ceiling drawing thing ceiling evening morning lightning swing"
                    + " earring pudding wedding clothing dumpling duckling viking rendering engraving etching sling wing"
                    + " sibling sterling everything something nothing anything boxing bowling bing ping pong darling seedling");

    /** By such words somebody is spoken to: they name nothing in a picture. */
    static final Set<String> TALK = Set.of(
            "i", "you", "we", "me", "us", "my", "your", "it", "he", "she", "they", "him", "them", "this", "that",
            "these", "those", "do", "does", "did", "not", "is", "are", "was", "were", "be", "been", "can", "could",
            "would", "should", "will", "must", "may", "might", "have", "has", "had", "than", "what", "why", "how",
            "who", "when", "where", "because", "if", "make", "give", "put", "add", "remove", "take", "change", "turn",
            "delete", "show", "let", "worse", "wrong", "same", "go");

    /** Words that say something of a change, but name neither a thing nor how it is. */
    static final Set<String> NO_NAMES =
            words("be is to look looks not so too more less make turn add put remove give change background again"
                    + " now then instead another a an the of have different back better sure no some any happen work go"
                    + " let very color colour other number never over after ever under together either rather whether"
                    + " closer close further nearer darker lighter brighter paler water flower paper picture image");

    private Vocabulary() {}

    /** @return whether it says what somebody is at: "sleeping" */
    static boolean isDoing(String word) {
        return word.length() > 5 && word.endsWith("ing") && !NOT_DOING.contains(word);
    }

    static boolean isColour(String word) {
        return ColourWord.of(word).isPresent();
    }

    /** @return whether a modifier is a colour: "red", "dark blue", "red and white" */
    static boolean isColourPhrase(String phrase) {
        String[] words = phrase.toLowerCase(Locale.ROOT).split(" ");
        return isColour(words[words.length - 1])
                && Stream.of(words).allMatch(word -> isColour(word) || SHADES.contains(word) || word.equals("and"));
    }

    /** @return how many; -1 for what is no number between 1 and 99 */
    static int number(String word) {
        int named = NUMBERS.indexOf(word);
        if (named > 0) {
            return named;
        }
        return word.matches("[1-9][0-9]?") ? Integer.parseInt(word) : -1;
    }

    static boolean isDeterminer(String word) {
        return ARTICLES.contains(word) || POSSESSIVES.contains(word) || MANY.contains(word) || number(word) > 0;
    }

    private static Set<String> words(String words) {
        return Stream.of(words.split(" ")).collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, Kind> kind(Kind kind, String words) {
        return words(words).stream().collect(Collectors.toMap(word -> word, word -> kind));
    }
}
