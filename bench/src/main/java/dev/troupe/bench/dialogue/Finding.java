package dev.troupe.bench.dialogue;

import dev.troupe.cluster.picture.ColourWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param what "colour", "overlap", …
 * @param asked for
 * @param found instead or as well
 */
record Finding(String what, String asked, String found, boolean holds) {

    /** @return of the revised prompt */
    static List<Finding> ofPrompt(Dialogue.Turn turn, String prompt) {
        List<Finding> findings = new ArrayList<>();
        if (turn.exact() != null) {
            findings.add(new Finding("prompt", turn.exact(), prompt, prompt.equals(turn.exact())));
        }
        String words = prompt.toLowerCase(Locale.ROOT);
        turn.has().forEach(word -> findings.add(new Finding("prompt", word, prompt, words.contains(word))));
        turn.lacks().forEach(word -> findings.add(new Finding("prompt", "no " + word, prompt, !words.contains(word))));
        return findings;
    }

    /**
     * @param before the picture that the turn is about; the new one itself where it is about none
     * @return of the picture
     */
    static List<Finding> ofPicture(Dialogue.Turn turn, Raster before, Raster after) {
        List<Finding> findings = new ArrayList<>();
        if (turn.colour() != null) {
            String colour = Measures.colour(after).orElse("nothing");
            findings.add(new Finding("colour", turn.colour(), colour, colour.equals(family(turn.colour()))));
        }
        if (turn.background() != null) {
            String background = Measures.background(after).orElse("nothing");
            findings.add(new Finding(
                    "background", turn.background(), background, background.equals(family(turn.background()))));
        }
        if (turn.overlap() != null) {
            double overlap = Measures.overlap(before, after);
            findings.add(new Finding("overlap", "> " + turn.overlap(), number(overlap), overlap > turn.overlap()));
        }
        if (turn.changed() != null) {
            double changed = Measures.changed(before, after);
            findings.add(new Finding("changed", ">= " + turn.changed(), number(changed), changed >= turn.changed()));
        }
        if (turn.larger() != null) {
            double growth = Measures.share(after) / Math.max(1e-9, Measures.share(before));
            boolean holds = turn.larger() ? growth > 1 : growth < 1;
            findings.add(new Finding("size", turn.larger() ? "> 1" : "< 1", number(growth), holds));
        }
        return findings;
    }

    private static String family(String colour) {
        return ColourWord.of(colour).map(ColourWord::family).orElse(colour);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
