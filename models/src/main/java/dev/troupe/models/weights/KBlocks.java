package dev.troupe.models.weights;

/**
 * The "K" blocks of 256 elements: groups with small scales of their own under one or two scales of the block
 * ({@code block_q4_K}, {@code block_q5_K}, {@code block_q6_K} of ggml).
 */
final class KBlocks {
    private static final int SIZE = 256;

    private KBlocks() {}

    /**
     * The 6-bit scale of group {@code g} of eight, from the 12 bytes at {@code at} ({@code get_scale_min_k4}). The first
     * four stand in bytes 0-3; the others have their low four bits in the low halves of bytes 8-11 and their upper two
     * in the upper two of bytes 0-3.
     */
    static int scale(byte[] data, int at, int g) {
        return g < 4 ? data[at + g] & 63 : (data[at + g + 4] & 0xf) | (data[at + g - 4] >> 6 & 3) << 4;
    }

    /** The 6-bit minimum of group {@code g}, packed like the scales, in bytes 4-7 and the high halves of bytes 8-11. */
    static int minimum(byte[] data, int at, int g) {
        return g < 4 ? data[at + g + 4] & 63 : (data[at + g + 4] >> 4 & 0xf) | (data[at + g] >> 6 & 3) << 4;
    }

    /** {@code half d, dmin; byte scales[12]; byte qs[128]}: q * d * scale - dmin * minimum. */
    static void q4k(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 144, o += SIZE) {
            float d = FloatBlocks.half(data, p);
            float dmin = FloatBlocks.half(data, p + 2);
            for (int g = 0; g < 8; g++) {
                float scale = d * scale(data, p + 4, g);
                float minimum = dmin * minimum(data, p + 4, g);
                int codes = p + 16 + (g >> 1) * 32;
                int shift = (g & 1) * 4;
                for (int i = 0; i < 32; i++) {
                    out[o + g * 32 + i] = scale * (data[codes + i] >> shift & 0xf) - minimum;
                }
            }
        }
    }

    /** {@code half d, dmin; byte scales[12]; byte qh[32]; byte qs[128]}; bit g of {@code qh[i]} belongs to group g. */
    static void q5k(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 176, o += SIZE) {
            float d = FloatBlocks.half(data, p);
            float dmin = FloatBlocks.half(data, p + 2);
            for (int g = 0; g < 8; g++) {
                float scale = d * scale(data, p + 4, g);
                float minimum = dmin * minimum(data, p + 4, g);
                int codes = p + 48 + (g >> 1) * 32;
                int shift = (g & 1) * 4;
                for (int i = 0; i < 32; i++) {
                    int q = (data[codes + i] >> shift & 0xf) | (data[p + 16 + i] >> g & 1) << 4;
                    out[o + g * 32 + i] = scale * q - minimum;
                }
            }
        }
    }

    /**
     * {@code byte ql[128], qh[64]; signed byte scales[16]; half d}: (q - 32) * d * scale, a scale for every 16 elements.
     * In each half of the block, group g of 32 has its low bits in {@code ql[32 * (g % 2)..]} (high halves for g of 2
     * and 3) and its upper two in bits 2g and 2g + 1 of {@code qh}.
     */
    static void q6k(byte[] data, int at, int blocks, float[] out, int outAt) {
        for (int b = 0, p = at, o = outAt; b < blocks; b++, p += 210, o += SIZE) {
            float d = FloatBlocks.half(data, p + 208);
            for (int g = 0; g < 8; g++) {
                int half = g >> 2;
                int low = p + half * 64 + (g & 1) * 32;
                int lowShift = (g >> 1 & 1) * 4;
                int high = p + 128 + half * 32;
                int highShift = (g & 3) * 2;
                for (int i = 0; i < 32; i++) {
                    float scale = d * data[p + 192 + g * 2 + (i >> 4)];
                    int q = (data[low + i] >> lowShift & 0xf) | (data[high + i] >> highShift & 3) << 4;
                    out[o + g * 32 + i] = scale * (q - 32);
                }
            }
        }
    }
}
