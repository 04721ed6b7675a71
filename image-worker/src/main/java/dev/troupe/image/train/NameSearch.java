package dev.troupe.image.train;

import dev.troupe.image.text.WordTokenizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the emoji of a text by the words of its names alone. */
final class NameSearch {
    private final List<Emoji> emoji;
    private final List<Set<String>> words;
    private final Map<String, Integer> frequency = new HashMap<>();

    NameSearch(List<Emoji> emoji) {
        this.emoji = emoji;
        this.words = emoji.stream()
                .map(one -> one.names().stream()
                        .flatMap(name -> WordTokenizer.split(name).stream())
                        .collect(Collectors.toSet()))
                .toList();
        words.forEach(all -> all.forEach(word -> frequency.merge(word, 1, Integer::sum)));
    }

    Canvas picture(String text) {
        int with = text.indexOf(" with ");
        // A name may have a "with" of its own.
        if (with > 0 && exact(text).isEmpty()) {
            return Augmenter.together(one(text.substring(0, with)), one(text.substring(with + " with ".length())));
        }
        return one(text);
    }

    private Optional<Emoji> exact(String text) {
        return emoji.stream().filter(one -> one.names().contains(text)).findFirst();
    }

    private Canvas one(String text) {
        Optional<Emoji> exact = exact(text);
        if (exact.isPresent()) {
            return exact.get().picture();
        }
        List<String> asked = WordTokenizer.split(text);
        Optional<Colour> colour = asked.stream()
                .filter(Colour::isNamed)
                .findFirst()
                .map(word -> Colour.valueOf(word.toUpperCase(java.util.Locale.ROOT)));
        Set<String> rest = new HashSet<>(asked);
        rest.removeIf(Colour::isNamed);
        Canvas found = nearest(rest).picture();
        return colour.map(c -> c.paint(found)).orElse(found);
    }

    private Emoji nearest(Set<String> asked) {
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < emoji.size(); i++) {
            double alike = 0;
            double extra = 0;
            for (String word : words.get(i)) {
                double weight = Math.log(1 + emoji.size() / (double) frequency.get(word));
                if (asked.contains(word)) {
                    alike += weight;
                } else {
                    extra += weight;
                }
            }
            double score = alike - 0.1 * extra;
            if (score > most) {
                most = score;
                best = i;
            }
        }
        return emoji.get(best);
    }
}
