package dev.troupe.models.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/** Stores floats in the types that tests write, rounding as the reference quantisers of ggml do. */
final class Quantiser {
    private static final int BLOCK = 32;

    private Quantiser() {}

    static byte[] encode(GgmlType type, float[] values) {
        var out = ByteBuffer.allocate((int) type.bytes(values.length)).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case F32 -> {
                for (float value : values) {
                    out.putFloat(value);
                }
            }
            case BF16 -> {
                for (float value : values) {
                    out.putShort((short) ((Float.floatToIntBits(value) + 0x8000) >> 16));
                }
            }
            case F16 -> {
                for (float value : values) {
                    out.putShort(half(value));
                }
            }
            case Q8_0 -> blocks(values, at -> q8v0(values, at, out));
            case Q4_1 -> blocks(values, at -> q4v1(values, at, out));
            case Q4_0, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> throw new IllegalArgumentException("tests do not write " + type);
        }
        return out.array();
    }

    private static void blocks(float[] values, IntConsumer block) {
        for (int at = 0; at < values.length; at += BLOCK) {
            block.accept(at);
        }
    }

    private static void q8v0(float[] values, int at, ByteBuffer out) {
        float largest = 0;
        for (int i = 0; i < BLOCK; i++) {
            largest = Math.max(largest, Math.abs(values[at + i]));
        }
        float scale = largest / 127;
        out.putShort(half(scale));
        for (int i = 0; i < BLOCK; i++) {
            out.put((byte) Math.round(scale == 0 ? 0 : values[at + i] / scale));
        }
    }

    private static void q4v1(float[] values, int at, ByteBuffer out) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < BLOCK; i++) {
            least = Math.min(least, values[at + i]);
            most = Math.max(most, values[at + i]);
        }
        float scale = (most - least) / 15;
        out.putShort(half(scale)).putShort(half(least));
        for (int i = 0; i < BLOCK / 2; i++) {
            int low = code(values[at + i], least, scale);
            out.put((byte) (low | code(values[at + BLOCK / 2 + i], least, scale) << 4));
        }
    }

    private static int code(float value, float least, float scale) {
        return scale == 0 ? 0 : Math.max(0, Math.min(15, Math.round((value - least) / scale)));
    }

    /** The nearest half, for magnitudes below 65504; ties go away from zero. */
    static short half(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
        int magnitude = Float.floatToRawIntBits(Math.abs(value) * 0x1p-112f);
        return (short) (sign | (magnitude + 0x1000) >> 13);
    }
}
