package dev.troupe.cluster.picture;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.toMap;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A word for a colour, as who rewrites prompts and who measures pictures both understand it. Where CSS names a colour, it is that one; plain
 * words such as "green" are what people mean by them.
 *
 * @param word in lower case
 * @param family the plain word for it: crimson is red
 * @param lab how it looks at its most typical
 */
public record ColourWord(String word, String family, Lab lab) {
    private static final Map<String, ColourWord> WORDS = Stream.of(
                    family("red", "red e02020", "crimson dc143c", "scarlet ff2400", "maroon 800000", "ruby 9b111e"),
                    family("red", "burgundy 800020", "vermilion e34234"),
                    family("orange", "orange ff8c00", "tangerine f28500", "amber ffa000", "apricot fbb675"),
                    family("yellow", "yellow ffe000", "gold ffd700", "golden e6b800", "lemon fff44f", "mustard e1ad01"),
                    family("green", "green 209030", "lime 32cd32", "emerald 50c878", "olive 808000", "mint 98ff98"),
                    family("green", "jade 00a86b", "khaki 8f9a5b"),
                    family("turquoise", "turquoise 40e0d0", "teal 008080", "cyan 00e0e0", "aqua 00ffff"),
                    family("blue", "blue 2050e0", "navy 000080", "azure 3399ff", "cobalt 0047ab", "sapphire 0f52ba"),
                    family("blue", "indigo 3f0fb7", "ultramarine 1010ff"),
                    family("purple", "purple 800080", "violet 8a2be2", "lilac c8a2c8", "lavender b57edc"),
                    family("purple", "mauve b784a7", "plum 8e4585"),
                    family("pink", "pink ff8cb4", "magenta ff00ff", "fuchsia ff1493", "salmon fa8072", "coral ff7f50"),
                    family("brown", "brown 8b4513", "tan d2b48c", "beige dcc9a0", "bronze a97142", "copper b87333"),
                    family("brown", "chestnut 954535", "chocolate 6d4530"),
                    family("black", "black 101010", "ebony 282420"),
                    family("white", "white fafafa", "ivory fffff0", "cream fff5d7"),
                    family("gray", "gray 808080", "grey 808080", "silver c0c0c0", "charcoal 454a50"))
            .flatMap(List::stream)
            .collect(collectingAndThen(
                    toMap(ColourWord::word, entry -> entry, (one, two) -> one, LinkedHashMap::new),
                    Collections::unmodifiableMap));

    public ColourWord {
        Objects.requireNonNull(word);
        Objects.requireNonNull(family);
        Objects.requireNonNull(lab);
    }

    /** @return by its word in lower case; empty for what is no colour */
    public static Optional<ColourWord> of(String word) {
        return Optional.ofNullable(WORDS.get(word));
    }

    /** @return every word and its colour, in the order of the rainbow */
    public static Map<String, ColourWord> all() {
        return WORDS;
    }

    /** @return the word whose colour is nearest in CIELAB */
    public static ColourWord nearest(Lab lab) {
        return Collections.min(WORDS.values(), Comparator.comparingDouble(word -> word.lab.distance(lab)));
    }

    private static List<ColourWord> family(String name, String... members) {
        return Stream.of(members)
                .map(member -> member.toLowerCase(Locale.ROOT).split(" ", 2))
                .map(member -> new ColourWord(member[0], name, Lab.ofSrgb(Integer.parseInt(member[1], 16))))
                .toList();
    }
}
