package dev.troupe.cluster;

/**
 * The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3,
 * SC 2011). The same key and counter give the same number on any machine, so a sequence or a picture that moves to another one
 * goes on with the draws it would have had.
 */
public final class Philox {
    private static final long M0 = 0xD2511F53L;
    private static final long M1 = 0xCD9E8D57L;
    private static final int W0 = 0x9E3779B9;
    private static final int W1 = 0xBB67AE85;
    private static final long MASK = 0xFFFFFFFFL;

    private Philox() {}

    /**
     * A uniform number for one token.
     *
     * @param seed of the request
     * @param choice which of its continuations
     * @param index of the token among the generated ones
     * @return in [0, 1), with 53 random bits
     */
    public static double uniform(long seed, int choice, int index) {
        int[] bits = block(new int[] {index, choice, 0, 0}, (int) seed, (int) (seed >>> 32));
        long high = (bits[0] & MASK) >>> 5;
        long low = (bits[1] & MASK) >>> 6;
        return (high * 0x1p26 + low) * 0x1p-53;
    }

    /**
     * Ten rounds over a counter of four words.
     *
     * @param counter four words; two that differ anywhere give unrelated answers
     * @return four words of 32 random bits
     */
    public static int[] block(int[] counter, int key0, int key1) {
        int c0 = counter[0];
        int c1 = counter[1];
        int c2 = counter[2];
        int c3 = counter[3];
        for (int round = 0; round < 10; round++) {
            long p0 = M0 * (c0 & MASK);
            long p1 = M1 * (c2 & MASK);
            c0 = (int) (p1 >>> 32) ^ c1 ^ (key0 + round * W0);
            c2 = (int) (p0 >>> 32) ^ c3 ^ (key1 + round * W1);
            c1 = (int) p1;
            c3 = (int) p0;
        }
        return new int[] {c0, c1, c2, c3};
    }
}
