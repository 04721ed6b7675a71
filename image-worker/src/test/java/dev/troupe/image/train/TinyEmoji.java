package dev.troupe.image.train;

import java.util.ArrayList;
import java.util.List;

/** A few plain shapes under the names of things. */
final class TinyEmoji {
    static final int SIDE = EmojiData.SIDE;

    private TinyEmoji() {}

    static List<Emoji> some() {
        List<String> names = List.of("red ball", "blue box", "green bar", "yellow dot");
        List<Colour> colours = List.of(Colour.RED, Colour.BLUE, Colour.GREEN, Colour.YELLOW);
        var all = new ArrayList<Emoji>();
        for (int i = 0; i < names.size(); i++) {
            all.add(new Emoji(i, names.get(i), List.of(names.get(i)), "shape", disc(colours.get(i), 8 + 5 * i)));
        }
        return all;
    }

    /** An opaque disc on nothing. */
    static Canvas disc(Colour colour, int radius) {
        var rgb = new float[3];
        colour.lab().toSrgb(rgb);
        return disc(rgb, radius);
    }

    static Canvas disc(float[] rgb, int radius) {
        int places = SIDE * SIDE;
        var values = new float[4 * places];
        for (int i = 0; i < places; i++) {
            int line = i / SIDE;
            if (Math.hypot(i % SIDE - SIDE / 2.0, line - SIDE / 2.0) < radius) {
                for (int c = 0; c < 3; c++) {
                    values[c * places + i] = rgb[c];
                }
                values[3 * places + i] = 1;
            }
        }
        return new Canvas(SIDE, values);
    }
}
