package dev.troupe.image.schedule;

import dev.troupe.cluster.Philox;

/**
 * Unit noise by number: the same seed, draw and place give the same value on any machine, whatever was drawn before and by whom. So
 * a picture depends on no neighbour, and can be taken up again at any of its steps.
 */
public final class Noise {
    /** The draw that a picture begins with. */
    public static final int INITIAL = -1;

    private static final int WORDS = 4;

    private Noise() {}

    /**
     * Normally distributed numbers of mean 0 and deviation 1 (Box, Muller: A Note on the Generation of Random Normal Deviates, 1958).
     *
     * @param draw {@link #INITIAL}, or the number of the step that adds noise
     */
    public static float[] unit(long seed, int draw, int count) {
        var noise = new float[count];
        for (int at = 0; at < count; at += WORDS) {
            int[] bits = Philox.block(new int[] {at / WORDS, draw, 0, 0}, (int) seed, (int) (seed >>> 32));
            for (int i = 0; i < WORDS && at + i < count; i += 2) {
                // StrictMath: the same bits everywhere.
                double radius = StrictMath.sqrt(-2 * StrictMath.log(uniform(bits[i])));
                double angle = 2 * Math.PI * uniform(bits[i + 1]);
                noise[at + i] = (float) (radius * StrictMath.cos(angle));
                if (at + i + 1 < count) {
                    noise[at + i + 1] = (float) (radius * StrictMath.sin(angle));
                }
            }
        }
        return noise;
    }

    /** In the open unit interval, so that its logarithm is finite. */
    private static double uniform(int bits) {
        return (Integer.toUnsignedLong(bits) + 0.5) * 0x1p-32;
    }
}
