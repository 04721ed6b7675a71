package dev.troupe.image.train;

import dev.troupe.image.text.WordTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The words that captions are made of. */
final class Words {
    private Words() {}

    static List<String> of(List<Emoji> emoji) {
        var words = new TreeSet<String>(List.of("with", "and", "on", "background", "emoji", "of", "picture"));
        Arrays.stream(Colour.values()).map(Colour::word).forEach(words::add);
        for (Emoji one : emoji) {
            one.names().forEach(name -> words.addAll(WordTokenizer.split(name)));
        }
        return List.copyOf(words);
    }
}
