package dev.troupe.bench.dialogue;

import dev.troupe.cluster.picture.Lab;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Which pixels of a picture are its foreground: what is opaque, where a part of it is transparent; else what differs from the colour that most of
 * its border has.
 *
 * @param pixels of the foreground, by place
 * @param size of the picture, in pixels
 * @param transparent whether its background is
 */
record Mask(BitSet pixels, int size, boolean transparent) {
    private static final double TRANSPARENT_SHARE = 0.01;
    /** In CIELAB: five times what people see, so that noise and JPEG are no foreground. */
    private static final double APART = 12;

    static Mask of(Raster picture) {
        BitSet opaque = new BitSet(picture.size());
        for (int i = 0; i < picture.size(); i++) {
            opaque.set(i, picture.isOpaque(i));
        }
        if (opaque.cardinality() < (1 - TRANSPARENT_SHARE) * picture.size()) {
            return new Mask(opaque, picture.size(), true);
        }
        Lab background = border(picture);
        BitSet apart = new BitSet(picture.size());
        for (int i = 0; i < picture.size(); i++) {
            apart.set(i, Lab.ofSrgb(picture.rgb(i)).distance(background) > APART);
        }
        return new Mask(apart, picture.size(), false);
    }

    /** 0 to 1. */
    double share() {
        return (double) pixels.cardinality() / size;
    }

    /**
     * Intersection over union.
     *
     * @return 0 to 1; 1 for two that are empty, which are alike
     */
    double overlap(Mask other) {
        BitSet both = (BitSet) pixels.clone();
        both.and(other.pixels);
        BitSet any = (BitSet) pixels.clone();
        any.or(other.pixels);
        return any.isEmpty() ? 1 : (double) both.cardinality() / any.cardinality();
    }

    /** The mean of the commonest colours of the border, of which there are sixteen to a channel. */
    private static Lab border(Raster picture) {
        Map<Integer, int[]> sums = new HashMap<>(); // of red, green, blue, count
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                if (x == 0 || y == 0 || x == picture.width() - 1 || y == picture.height() - 1) {
                    int rgb = picture.rgb(y * picture.width() + x);
                    int[] sum = sums.computeIfAbsent(rgb & 0xf0f0f0, key -> new int[4]);
                    sum[0] += rgb >> 16;
                    sum[1] += rgb >> 8 & 0xff;
                    sum[2] += rgb & 0xff;
                    sum[3]++;
                }
            }
        }
        int[] most = sums.values().stream()
                .max((one, other) -> Integer.compare(one[3], other[3]))
                .orElseThrow();
        return Lab.ofSrgb(((most[0] / most[3]) << 16) | ((most[1] / most[3]) << 8) | (most[2] / most[3]));
    }
}
