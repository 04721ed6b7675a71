package dev.troupe.models.weights;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Plain numbers: IEEE 754 single and half precision, and bfloat16 (the upper half of a single). */
final class FloatBlocks {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private FloatBlocks() {}

    static void f32(byte[] data, int at, int count, float[] out, int outAt) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = Float.intBitsToFloat((int) INT.get(data, at + 4 * i));
        }
    }

    static void f16(byte[] data, int at, int count, float[] out, int outAt) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = half(data, at + 2 * i);
        }
    }

    static void bf16(byte[] data, int at, int count, float[] out, int outAt) {
        for (int i = 0; i < count; i++) {
            out[outAt + i] = Float.intBitsToFloat((short) SHORT.get(data, at + 2 * i) << 16);
        }
    }

    /** The half-precision number at {@code at}. */
    static float half(byte[] data, int at) {
        return halfToFloat((short) SHORT.get(data, at));
    }

    /** The 32 bits at {@code at}. */
    static int bits(byte[] data, int at) {
        return (int) INT.get(data, at);
    }

    /** Exact for every half, subnormals, infinities and NaN included. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half & 0x7c00;
        int magnitude = half & 0x7fff;
        if (exponent == 0x7c00) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
        }
        // Read as a single its exponent is 112 too small; the product is exact, for subnormals too.
        float value = Float.intBitsToFloat(magnitude << 13) * 0x1p112f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | sign);
    }
}
