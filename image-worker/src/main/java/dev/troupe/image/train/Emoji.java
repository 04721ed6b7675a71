package dev.troupe.image.train;

import java.util.List;

/**
 * One picture of the data with what it is called.
 *
 * @param number among all
 * @param name in small letters
 * @param names all of them, {@code name} first
 * @param kind what it is one of, such as "animal mammal"
 * @param picture of 64 x 64
 */
record Emoji(int number, String name, List<String> names, String kind, Canvas picture) {
    Emoji {
        names = List.copyOf(names);
    }
}
