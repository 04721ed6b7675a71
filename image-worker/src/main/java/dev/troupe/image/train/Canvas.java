package dev.troupe.image.train;

import java.util.Arrays;

/**
 * A square picture with opacity while it is worked on: colours multiplied by opacity, so that scaling and laying one over another
 * need no special case at edges (Porter, Duff: Compositing Digital Images, 1984).
 */
final class Canvas {
    static final int CHANNELS = 4;

    private final int side;
    private final float[] values; // [4, side, side], from 0 to 1

    /**
     * @param values [4, side, side]: red, green and blue multiplied by opacity, opacity
     */
    Canvas(int side, float[] values) {
        if (values.length != CHANNELS * side * side) {
            throw new IllegalArgumentException(values.length + " values for a side of " + side);
        }
        this.side = side;
        this.values = values.clone();
    }

    /** One colour all over, opaque. */
    static Canvas filled(int side, float[] colour) {
        var values = new float[CHANNELS * side * side];
        for (int c = 0; c < CHANNELS; c++) {
            Arrays.fill(values, c * side * side, (c + 1) * side * side, c == CHANNELS - 1 ? 1 : colour[c]);
        }
        return new Canvas(side, values);
    }

    int side() {
        return side;
    }

    float at(int channel, int place) {
        return values[channel * side * side + place];
    }

    /**
     * This picture, smaller or larger, somewhere else.
     *
     * @param scale of its sides
     * @param right by how many pixels the middle moves
     * @param down the same
     * @param mirrored whether left and right change places
     */
    Canvas moved(double scale, double right, double down, boolean mirrored) {
        var to = new float[values.length];
        double middle = (side - 1) / 2.0;
        // Where many pixels become one, the mean of several samples stands for them.
        int samples = scale < 0.75 ? 2 : 1;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int s = 0; s < samples * samples; s++) {
                    double dx = (s % samples + 0.5) / samples - 0.5;
                    int line = s / samples;
                    double dy = (line + 0.5) / samples - 0.5;
                    double fromX = (x + dx - middle - right) / scale;
                    double fromY = (y + dy - middle - down) / scale + middle;
                    add(to, y * side + x, (mirrored ? -fromX : fromX) + middle, fromY, 1f / (samples * samples));
                }
            }
        }
        return new Canvas(side, to);
    }

    private void add(float[] to, int place, double x, double y, float share) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        for (int i = 0; i < 4; i++) {
            int px = left + i % 2;
            int py = top + i / 2;
            if (px < 0 || py < 0 || px >= side || py >= side) {
                continue;
            }
            double weight = (1 - Math.abs(x - px)) * (1 - Math.abs(y - py)) * share;
            for (int c = 0; c < CHANNELS; c++) {
                to[c * side * side + place] += (float) (weight * at(c, py * side + px));
            }
        }
    }

    /** This picture laid over another. */
    Canvas over(Canvas below) {
        var to = new float[values.length];
        int places = side * side;
        for (int i = 0; i < to.length; i++) {
            to[i] = values[i] + (1 - at(CHANNELS - 1, i % places)) * below.values[i];
        }
        return new Canvas(side, to);
    }

    /** Mean difference on white, from 0 to 1. */
    double distance(Canvas other) {
        int places = side * side;
        double sum = 0;
        for (int i = 0; i < 3 * places; i++) {
            double mine = values[i] + 1 - at(CHANNELS - 1, i % places);
            double theirs = other.values[i] + 1 - other.at(CHANNELS - 1, i % places);
            sum += Math.abs(mine - theirs);
        }
        return sum / (3 * places);
    }

    /** Every visible pixel's colour, not multiplied, as {@code change} makes it. */
    Canvas recoloured(Change change) {
        float[] to = values.clone();
        int places = side * side;
        var colour = new float[3];
        for (int i = 0; i < places; i++) {
            float opacity = at(CHANNELS - 1, i);
            if (opacity < 1e-3) {
                continue;
            }
            for (int c = 0; c < 3; c++) {
                colour[c] = Math.min(1, at(c, i) / opacity);
            }
            change.apply(colour);
            for (int c = 0; c < 3; c++) {
                to[c * places + i] = colour[c] * opacity;
            }
        }
        return new Canvas(side, to);
    }

    /** Changes a colour in place. */
    @FunctionalInterface
    interface Change {
        void apply(float[] rgb);
    }

    /**
     * As networks take it: colours not multiplied, from -1 to 1. What nobody sees takes the colours around it, so that there is no edge to
     * learn where none is: means over ever larger squares, down and back (Gortler and others: The Lumigraph, 1996, section 3.4).
     */
    float[] straight() {
        int places = side * side;
        float[] filled = fill(values, side);
        var to = new float[values.length];
        for (int i = 0; i < places; i++) {
            for (int c = 0; c < 3; c++) {
                to[c * places + i] = 2 * Math.min(1, Math.max(0, filled[c * places + i])) - 1;
            }
            to[3 * places + i] = 2 * at(3, i) - 1;
        }
        return to;
    }

    /** @return [3, side, side], not multiplied */
    private static float[] fill(float[] values, int side) {
        int places = side * side;
        var colours = new float[3 * places];
        float[] below = side > 1 ? fill(halved(values, side), side / 2) : null;
        for (int i = 0; i < places; i++) {
            float opacity = Math.min(1, values[3 * places + i]);
            int half = side / 2;
            int parent = side > 1 ? i / side / 2 * half + i % side / 2 : 0;
            for (int c = 0; c < 3; c++) {
                float around = below == null ? 0.5f : below[c * half * half + parent];
                colours[c * places + i] = values[c * places + i] + (1 - opacity) * around;
            }
        }
        return colours;
    }

    /** Sums over squares of four, with opacity cut off at 1. */
    private static float[] halved(float[] values, int side) {
        int half = side / 2;
        var to = new float[CHANNELS * half * half];
        for (int i = 0; i < half * half; i++) {
            int corner = i / half * 2 * side + i % half * 2;
            var sums = new float[CHANNELS];
            for (int c = 0; c < CHANNELS; c++) {
                int at = c * side * side + corner;
                sums[c] = values[at] + values[at + 1] + values[at + side] + values[at + side + 1];
            }
            float scale = sums[3] > 1 ? 1 / sums[3] : 1;
            for (int c = 0; c < CHANNELS; c++) {
                to[c * half * half + i] = sums[c] * scale;
            }
        }
        return to;
    }

    /** The way back from {@link #straight}. */
    static Canvas ofStraight(int side, float[] straight) {
        int places = side * side;
        var values = new float[straight.length];
        for (int i = 0; i < places; i++) {
            float opacity = unit(straight[3 * places + i]);
            values[3 * places + i] = opacity;
            for (int c = 0; c < 3; c++) {
                values[c * places + i] = opacity * unit(straight[c * places + i]);
            }
        }
        return new Canvas(side, values);
    }

    private static float unit(float value) {
        return Math.min(1, Math.max(0, (value + 1) / 2));
    }
}
