package dev.troupe.models.weights;

/** Codes, scales and zeros out of the block types that have four bits and groups of 32. */
final class Q4Blocks {
    /** Takes {@code blocks} blocks at {@code at} into a matrix from group {@code group} on. */
    @FunctionalInterface
    interface Reader {
        void read(byte[] data, int at, int blocks, Q4Matrix out, int group);
    }

    private Q4Blocks() {}

    static void q4v0(byte[] data, int at, int blocks, Q4Matrix out, int group) {
        for (int b = 0, p = at; b < blocks; b++, p += 18) {
            out.scales()[group + b] = FloatBlocks.half(data, p);
            codes(data, p + 2, out.codes(), (group + b) * Q4Matrix.GROUP);
        }
    }

    static void q4v1(byte[] data, int at, int blocks, Q4Matrix out, int group) {
        for (int b = 0, p = at; b < blocks; b++, p += 20) {
            float scale = FloatBlocks.half(data, p);
            out.scales()[group + b] = scale;
            out.zeros()[group + b] = FloatBlocks.half(data, p + 2) + 8 * scale;
            codes(data, p + 4, out.codes(), (group + b) * Q4Matrix.GROUP);
        }
    }

    static void q4k(byte[] data, int at, int blocks, Q4Matrix out, int group) {
        for (int b = 0, p = at; b < blocks; b++, p += 144) {
            float d = FloatBlocks.half(data, p);
            float dmin = FloatBlocks.half(data, p + 2);
            for (int g = 0; g < 8; g++) {
                int target = group + b * 8 + g;
                int shift = (g & 1) * 4;
                float scale = d * KBlocks.scale(data, p + 4, g);
                out.scales()[target] = scale;
                out.zeros()[target] = 8 * scale - dmin * KBlocks.minimum(data, p + 4, g);
                for (int i = 0; i < Q4Matrix.GROUP; i++) {
                    int pair = data[p + 16 + (g >> 1) * 32 + i];
                    out.codes()[target * Q4Matrix.GROUP + i] = (byte) (pair >> shift & 0xf);
                }
            }
        }
    }

    private static void codes(byte[] data, int at, byte[] out, int outAt) {
        for (int i = 0; i < 16; i++) {
            out[outAt + i] = (byte) (data[at + i] & 0xf);
            out[outAt + 16 + i] = (byte) (data[at + i] >> 4 & 0xf);
        }
    }
}
