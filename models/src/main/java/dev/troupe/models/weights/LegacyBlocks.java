package dev.troupe.models.weights;

/**
 * Blocks of 32 elements with one scale (and one minimum): ggml's {@code block_q4_0} to {@code block_q8_0}.
 *
 * <p>A byte of codes holds element {@code i} in its low half and element {@code i + 16} in its high half. The fifth bits of
 * the 5-bit types stand together in 32 bits before the codes.
 */
final class LegacyBlocks {
    private static final int HALF = 16;

    private LegacyBlocks() {}

    /** {@code half d; byte qs[16]}: (q - 8) * d. */
    static void q4v0(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 18, o += 32) {
            float d = FloatBlocks.half(data, p);
            for (int i = 0; i < HALF; i++) {
                int q = data[p + 2 + i];
                out[o + i] = ((q & 0xf) - 8) * d;
                out[o + HALF + i] = ((q >> 4 & 0xf) - 8) * d;
            }
        }
    }

    /** {@code half d, m; byte qs[16]}: q * d + m. */
    static void q4v1(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 20, o += 32) {
            float d = FloatBlocks.half(data, p);
            float m = FloatBlocks.half(data, p + 2);
            for (int i = 0; i < HALF; i++) {
                int q = data[p + 4 + i];
                out[o + i] = (q & 0xf) * d + m;
                out[o + HALF + i] = (q >> 4 & 0xf) * d + m;
            }
        }
    }

    /** {@code half d; int qh; byte qs[16]}: (q - 16) * d. */
    static void q5v0(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 22, o += 32) {
            float d = FloatBlocks.half(data, p);
            int high = FloatBlocks.bits(data, p + 2);
            for (int i = 0; i < HALF; i++) {
                int q = data[p + 6 + i];
                out[o + i] = (((q & 0xf) | (high >>> i & 1) << 4) - 16) * d;
                out[o + HALF + i] = (((q >> 4 & 0xf) | (high >>> (i + HALF) & 1) << 4) - 16) * d;
            }
        }
    }

    /** {@code half d, m; int qh; byte qs[16]}: q * d + m. */
    static void q5v1(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 24, o += 32) {
            float d = FloatBlocks.half(data, p);
            float m = FloatBlocks.half(data, p + 2);
            int high = FloatBlocks.bits(data, p + 4);
            for (int i = 0; i < HALF; i++) {
                int q = data[p + 8 + i];
                out[o + i] = ((q & 0xf) | (high >>> i & 1) << 4) * d + m;
                out[o + HALF + i] = ((q >> 4 & 0xf) | (high >>> (i + HALF) & 1) << 4) * d + m;
            }
        }
    }

    /** {@code half d; signed byte qs[32]}: q * d. */
    static void q8v0(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 34, o += 32) {
            float d = FloatBlocks.half(data, p);
            for (int i = 0; i < 32; i++) {
                out[o + i] = data[p + 2 + i] * d;
            }
        }
    }
}
