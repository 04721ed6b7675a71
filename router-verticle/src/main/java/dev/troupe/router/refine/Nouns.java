package dev.troupe.router.refine;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One and many, by the rules of English spelling and the nouns that break them. */
final class Nouns {
    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("man", "men"),
            Map.entry("woman", "women"),
            Map.entry("snowman", "snowmen"),
            Map.entry("child", "children"),
            Map.entry("person", "people"),
            Map.entry("mouse", "mice"),
            Map.entry("goose", "geese"),
            Map.entry("foot", "feet"),
            Map.entry("tooth", "teeth"),
            Map.entry("ox", "oxen"),
            Map.entry("cactus", "cacti"),
            Map.entry("octopus", "octopuses"),
            Map.entry("leaf", "leaves"),
            Map.entry("wolf", "wolves"),
            Map.entry("elf", "elves"),
            Map.entry("knife", "knives"),
            Map.entry("loaf", "loaves"),
            Map.entry("scarf", "scarves"),
            Map.entry("potato", "potatoes"),
            Map.entry("tomato", "tomatoes"),
            Map.entry("mango", "mangoes"),
            Map.entry("hero", "heroes"),
            Map.entry("bus", "buses"),
            Map.entry("lens", "lenses"),
            Map.entry("shoe", "shoes"),
            Map.entry("canoe", "canoes"),
            Map.entry("cookie", "cookies"),
            Map.entry("pie", "pies"),
            Map.entry("tie", "ties"));

    private static final Map<String, String> BACK =
            IRREGULAR.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));

    private static final Set<String> ALIKE =
            Set.of("sheep", "fish", "deer", "moose", "shrimp", "squid", "bison", "salmon", "broccoli", "bread");

    /** Many by nature: no "a" before them. */
    private static final Set<String> ALWAYS_MANY = Set.of(
            "glasses",
            "sunglasses",
            "eyes",
            "ears",
            "shoes",
            "boots",
            "trousers",
            "pants",
            "jeans",
            "shorts",
            "wings",
            "scissors",
            "clothes",
            "gloves",
            "mittens",
            "socks",
            "headphones",
            "goggles",
            "stars",
            "clouds",
            "flowers");

    private static final Set<String> NO_ARTICLE = Set.of(
            "snow",
            "rain",
            "water",
            "fire",
            "smoke",
            "fog",
            "hair",
            "fur",
            "grass",
            "sand",
            "ice",
            "bread",
            "rice",
            "lightning",
            "sunlight",
            "light",
            "glitter",
            "confetti",
            "makeup",
            "music",
            "text",
            "jewelry");

    private Nouns() {}

    static String plural(String noun) {
        String irregular = IRREGULAR.get(noun);
        if (irregular != null) {
            return irregular;
        }
        if (ALIKE.contains(noun) || isPlural(noun)) {
            return noun;
        }
        if (noun.matches(".*(s|x|z|ch|sh)")) {
            return noun + "es";
        }
        return noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    static String singular(String noun) {
        String irregular = BACK.get(noun);
        if (irregular != null) {
            return irregular;
        }
        if (!isPlural(noun)) {
            return noun;
        }
        if (noun.endsWith("ies") && noun.length() > 4) {
            return noun.substring(0, noun.length() - 3) + "y";
        }
        return noun.matches(".*(ss|x|z|ch|sh)es")
                ? noun.substring(0, noun.length() - 2)
                : noun.substring(0, noun.length() - 1);
    }

    /** @return "a", or nothing for what is many or cannot be counted */
    static String article(String noun) {
        return ALWAYS_MANY.contains(noun) || NO_ARTICLE.contains(noun) || isPlural(noun) ? "" : "a";
    }

    /** @return "an" before a vowel that is heard */
    static String article(String article, String next) {
        if (!article.equals("a")) {
            return article;
        }
        boolean vowel = next.matches("(?i)([aeio]|u(?!ni[^n]|s[aei]|t[ei]|k)|hour|honest).*")
                && !next.matches("(?i)(eu|one).*");
        return vowel ? "an" : "a";
    }

    private static boolean isPlural(String noun) {
        return BACK.containsKey(noun)
                || (noun.length() > 3
                        && noun.endsWith("s")
                        && !noun.endsWith("ss")
                        && !noun.matches(".*(us|is)")
                        && !IRREGULAR.containsKey(noun));
    }
}
