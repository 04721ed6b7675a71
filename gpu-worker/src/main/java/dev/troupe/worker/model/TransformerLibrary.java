package dev.troupe.worker.model;

import com.sun.jna.FunctionMapper;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The functions of {@code transformer.c}, where their arguments are described. Those that answer a number answer 0 when all went well. */
final class TransformerLibrary {
    private static boolean loaded;

    private TransformerLibrary() {}

    /** Makes the functions callable. There is one such library in a process. */
    static synchronized void load(Path path) {
        if (!loaded) {
            FunctionMapper mapper = (library, method) ->
                    "troupe_" + method.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
            NativeLibrary library =
                    NativeLibrary.getInstance(path.toString(), Map.of(Library.OPTION_FUNCTION_MAPPER, mapper));
            Native.register(TransformerLibrary.class, library);
            loaded = true;
        }
    }

    static native Pointer open(int[] shape, float[] numbers, int threads);

    static native void close(Pointer model);

    static native int norm(Pointer model, int layer, int which, float[] weights, int n);

    static native int bias(Pointer model, int layer, float[] bias, int n);

    static native void local(Pointer model, int layer);

    static native int rope(Pointer model, int which, float[] frequencies);

    static native int matrix(Pointer model, int layer, int which, int rows, int cols, int bits);

    static native void tiedHead(Pointer model);

    static native void rows4(
            Pointer model, int layer, int which, int first, int rows, byte[] codes, float[] scales, float[] zeros);

    static native void rows8(Pointer model, int layer, int which, int first, int rows, float[] values);

    static native int reserve(Pointer model, long tokens, int blocks);

    static native void restore(Pointer model, int base, int capacity, int[] blocks, int count);

    static native void save(Pointer model, int base, int capacity, int from, int[] blocks, int count);

    static native void move(Pointer model, int base, int capacity, int to, int toCapacity, int tokens);

    static native int blockBytes(Pointer model);

    static native Pointer block(Pointer model, int block);

    static native int step(
            Pointer model,
            int[] pieces,
            int pieceCount,
            int[] tokens,
            int tokenCount,
            int[] other,
            int wanted,
            int others,
            int raw,
            int[] repeatAt,
            float[] repeat,
            int repeats,
            int[] addAt,
            float[] add,
            int adds,
            float[] temperature,
            int[] likeliest,
            int[] ids,
            float[] values,
            float[] sums,
            int[] rawIds,
            float[] rawValues,
            float[] rawSums);

    static native void logits(Pointer model, int row, int raw, float[] to);
}
