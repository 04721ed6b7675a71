package dev.troupe.image.train;

import dev.troupe.cluster.picture.Lab;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The colours that captions name, by their hue in CIELAB: the hue of the sRGB colour that CSS gives the name, but for pink and green, where
 * CSS names what few would.
 */
enum Colour {
    RED(40, 53, 90),
    ORANGE(68, 72, 80),
    YELLOW(100, 92, 85),
    GREEN(138, 62, 70),
    CYAN(200, 80, 45),
    BLUE(278, 48, 60),
    PURPLE(318, 42, 65),
    PINK(355, 70, 55);

    /** In an order that held-out pairs hang on. */
    static final List<Colour> ALL = List.of(values());

    /** Less than this is grey. */
    private static final double LEAST_CHROMA = 14;

    private static final double LEAST_SHARE = 0.08;

    /** A picture with less colour than this is tinted, for turning the little it has would not be seen. */
    private static final double LITTLE = 0.35;

    private static final double PLAIN_CHROMA = 42;

    private final double hue;
    private final double lightness;
    private final double chroma;

    Colour(double hue, double lightness, double chroma) {
        this.hue = hue;
        this.lightness = lightness;
        this.chroma = chroma;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Lab lab() {
        return Lab.ofHue(lightness, chroma, hue);
    }

    static boolean isNamed(String word) {
        return Arrays.stream(values()).anyMatch(colour -> colour.word().equals(word));
    }

    /** The named colour whose hue is nearest. */
    static Colour nearest(double hue) {
        Colour best = RED;
        for (Colour colour : values()) {
            if (Math.abs(turn(hue, colour.hue)) < Math.abs(turn(hue, best.hue))) {
                best = colour;
            }
        }
        return best;
    }

    /** Degrees from one hue to another, from -180 to 180. */
    private static double turn(double from, double to) {
        double turn = (to - from) % 360;
        return turn > 180 ? turn - 360 : turn < -180 ? turn + 360 : turn;
    }

    /**
     * What most of the colour in a picture is.
     *
     * @param hue in degrees, the middle of the most frequent
     * @param lightness mean of the pixels of about that hue
     * @param chroma the same
     * @param share of the visible picture that has such a hue
     */
    record Dominant(double hue, double lightness, double chroma, double share) {
        Colour colour() {
            return nearest(hue);
        }
    }

    /** The dominant hue of the visible picture, each pixel counting by opacity and chroma; none if nearly all is grey. */
    static Optional<Dominant> dominant(Canvas picture) {
        int bins = 36;
        var weights = new double[bins];
        var labs = new Lab[picture.side() * picture.side()];
        double visible = 0;
        var rgb = new float[3];
        for (int i = 0; i < labs.length; i++) {
            float opacity = picture.at(3, i);
            visible += opacity;
            if (opacity < 0.5) {
                continue;
            }
            for (int c = 0; c < 3; c++) {
                rgb[c] = Math.min(1, picture.at(c, i) / opacity);
            }
            Lab lab = Lab.ofSrgb(rgb);
            if (lab.chroma() >= LEAST_CHROMA) {
                labs[i] = lab;
                weights[(int) (lab.hue() / 360 * bins) % bins] += lab.chroma();
            }
        }
        int best = 0;
        double most = 0;
        for (int i = 0; i < bins; i++) {
            double around = weights[(i + bins - 1) % bins] + weights[i] + weights[(i + 1) % bins];
            if (around > most) {
                most = around;
                best = i;
            }
        }
        double middle = (best + 0.5) * 360 / bins;
        double x = 0;
        double y = 0;
        double lightness = 0;
        double chroma = 0;
        int count = 0;
        for (Lab lab : labs) {
            if (lab != null && Math.abs(turn(lab.hue(), middle)) <= 15) {
                x += lab.a();
                y += lab.b();
                lightness += lab.lightness();
                chroma += lab.chroma();
                count++;
            }
        }
        double share = count / Math.max(1, visible);
        return share < LEAST_SHARE
                ? Optional.empty()
                : Optional.of(new Dominant(new Lab(0, x, y).hue(), lightness / count, chroma / count, share));
    }

    /**
     * A picture in this colour: all hues turn by what the dominant one lacks, so that what differed in colour still does. What is grey all over
     * is tinted.
     */
    Canvas paint(Canvas picture) {
        Optional<Dominant> dominant = dominant(picture);
        if (dominant.isEmpty() || dominant.get().share() < LITTLE) {
            return picture.recoloured(rgb -> {
                Lab from = Lab.ofSrgb(rgb);
                double room = Math.min(from.lightness(), 100 - from.lightness()) / 50;
                Lab.ofHue(12 + 0.76 * from.lightness(), chroma * (0.4 + 0.6 * room), hue)
                        .toSrgb(rgb);
            });
        }
        double by = turn(dominant.get().hue(), hue);
        double stronger = Math.max(1, PLAIN_CHROMA / dominant.get().chroma());
        double brighter = 0.6 * (lightness - dominant.get().lightness());
        return picture.recoloured(rgb -> {
            Lab from = Lab.ofSrgb(rgb);
            // Grey stays as light as it is: a white eye in a blue face.
            double coloured = Math.min(1, from.chroma() / 40);
            double to = Math.min(98, Math.max(4, from.lightness() + coloured * brighter));
            Lab.ofHue(to, stronger * from.chroma(), from.hue() + by).toSrgb(rgb);
        });
    }
}
