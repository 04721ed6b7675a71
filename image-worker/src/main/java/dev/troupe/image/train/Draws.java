package dev.troupe.image.train;

import dev.troupe.cluster.Philox;

/** Random numbers of one sample, by number: the same (seed, purpose, index) draws the same, whatever was drawn before. */
final class Draws {
    /** What numbers are drawn for; the numbers are part of every trained model's history. */
    enum Purpose {
        SAMPLE(0),
        ORDER(1),
        TIME(2),
        HELD_OUT(3);

        private final int number;

        Purpose(int number) {
            this.number = number;
        }
    }

    private final long seed;
    private final int purpose;
    private final long index;
    private int next;

    Draws(long seed, Purpose purpose, long index) {
        this.seed = seed;
        this.purpose = purpose.number;
        this.index = index;
    }

    /** In [0, 1). */
    double uniform() {
        int[] bits = Philox.block(
                new int[] {next++, purpose, (int) index, (int) (index >>> 32)}, (int) seed, (int) (seed >>> 32));
        return ((Integer.toUnsignedLong(bits[0]) >>> 5) * 0x1p26 + (Integer.toUnsignedLong(bits[1]) >>> 6)) * 0x1p-53;
    }

    double between(double low, double high) {
        return low + (high - low) * uniform();
    }

    /** In [0, n). */
    int below(int n) {
        return (int) (uniform() * n);
    }

    boolean with(double chance) {
        return uniform() < chance;
    }
}
