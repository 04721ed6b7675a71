package dev.troupe.bench.dialogue;

import dev.troupe.cluster.picture.ColourWord;
import dev.troupe.cluster.picture.Lab;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What can be said of a picture, and of two. */
final class Measures {
    /** Outlines, eyes and shadows are black, gray or white whatever a thing's colour; less colour than this in CIELAB is theirs. */
    private static final double COLOURLESS = 15;
    /** A share of the foreground that makes it coloured, whatever the rest is. */
    private static final double COLOURED = 0.25;
    /** In CIELAB: what counts as another colour at a place. */
    private static final double CHANGED = 12;

    private Measures() {}

    /**
     * The colour of the foreground, as the family that most of its coloured pixels are nearest to; where few are coloured, of all its pixels.
     *
     * @return empty when there is no foreground
     */
    static Optional<String> colour(Raster picture) {
        Mask mask = Mask.of(picture);
        Optional<String> coloured = family(
                picture,
                place -> mask.pixels().get(place) && chroma(picture, place) >= COLOURLESS,
                COLOURED * mask.pixels().cardinality());
        return coloured.isPresent() ? coloured : family(picture, mask.pixels()::get, 1);
    }

    /** @return "transparent" or a family of colours; empty when all is foreground */
    static Optional<String> background(Raster picture) {
        Mask mask = Mask.of(picture);
        return mask.transparent()
                ? Optional.of("transparent")
                : family(picture, place -> !mask.pixels().get(place), 1);
    }

    /** @return share of the area where colour or transparency differs; another size is scaled first */
    static double changed(Raster before, Raster after) {
        Raster old = sizedAs(before, after);
        int changed = 0;
        for (int i = 0; i < after.size(); i++) {
            boolean both = old.isOpaque(i) && after.isOpaque(i);
            boolean one = old.isOpaque(i) != after.isOpaque(i);
            boolean another = both && Lab.ofSrgb(old.rgb(i)).distance(Lab.ofSrgb(after.rgb(i))) > CHANGED;
            changed += one || another ? 1 : 0;
        }
        return (double) changed / after.size();
    }

    /** Of the foregrounds; another size is scaled first. */
    static double overlap(Raster before, Raster after) {
        return Mask.of(sizedAs(before, after)).overlap(Mask.of(after));
    }

    /** Of the foreground in the picture. */
    static double share(Raster picture) {
        return Mask.of(picture).share();
    }

    private static Raster sizedAs(Raster picture, Raster other) {
        boolean same = picture.width() == other.width() && picture.height() == other.height();
        return same ? picture : picture.scaled(other.width(), other.height());
    }

    private static Optional<String> family(Raster picture, IntPredicate which, double least) {
        Map<String, Integer> families = new HashMap<>();
        Map<Integer, String> known = new HashMap<>();
        int counted = 0;
        for (int i = 0; i < picture.size(); i++) {
            if (which.test(i)) {
                String family = known.computeIfAbsent(picture.rgb(i), rgb -> ColourWord.nearest(Lab.ofSrgb(rgb))
                        .family());
                families.merge(family, 1, Integer::sum);
                counted++;
            }
        }
        return counted < least
                ? Optional.empty()
                : families.entrySet().stream()
                        .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                        .map(Map.Entry::getKey);
    }

    private static double chroma(Raster picture, int place) {
        return Lab.ofSrgb(picture.rgb(place)).chroma();
    }
}
