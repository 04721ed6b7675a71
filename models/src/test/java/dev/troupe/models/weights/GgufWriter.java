package dev.troupe.models.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes small GGUF files for tests, after {@code docs/gguf.md} of ggml. Sizes and contents are not checked: tests want wrong ones too. */
public final class GgufWriter {
    private static final int ALIGNMENT = 32;

    private final int version;
    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int keyCount;
    private int tensorCount;

    public GgufWriter() {
        this(3);
    }

    public GgufWriter(int version) {
        this.version = version;
    }

    public GgufWriter put(String key, String value) {
        key(key, GgufValueType.STRING);
        string(keys, value);
        return this;
    }

    public GgufWriter put(String key, int value) {
        key(key, GgufValueType.UINT32);
        u32(keys, value);
        return this;
    }

    public GgufWriter put(String key, float value) {
        key(key, GgufValueType.FLOAT32);
        u32(keys, Float.floatToRawIntBits(value));
        return this;
    }

    public GgufWriter put(String key, boolean value) {
        key(key, GgufValueType.BOOL);
        keys.write(value ? 1 : 0);
        return this;
    }

    public GgufWriter putStrings(String key, List<String> values) {
        array(key, GgufValueType.STRING, values.size());
        values.forEach(value -> string(keys, value));
        return this;
    }

    public GgufWriter putInts(String key, int... values) {
        array(key, GgufValueType.INT32, values.length);
        for (int value : values) {
            u32(keys, value);
        }
        return this;
    }

    public GgufWriter putFloats(String key, float... values) {
        array(key, GgufValueType.FLOAT32, values.length);
        for (float value : values) {
            u32(keys, Float.floatToRawIntBits(value));
        }
        return this;
    }

    /** A tensor placed after the ones before it; {@code dims} in ggml's order, [cols, rows]. */
    public GgufWriter tensor(String name, GgmlType type, byte[] bytes, long... dims) {
        return tensor(name, type.id(), data.size(), bytes, dims);
    }

    /** A tensor whose table says whatever the caller likes. */
    public GgufWriter tensor(String name, int typeId, long offset, byte[] bytes, long... dims) {
        tensorCount++;
        string(table, name);
        u32(table, dims.length);
        for (long dim : dims) {
            u64(table, dim);
        }
        u32(table, typeId);
        u64(table, offset);
        data.writeBytes(bytes);
        pad(data);
        return this;
    }

    public byte[] toBytes() {
        var out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        u32(out, version);
        u64(out, tensorCount);
        u64(out, keyCount);
        out.writeBytes(keys.toByteArray());
        out.writeBytes(table.toByteArray());
        pad(out);
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    private void key(String key, GgufValueType type) {
        keyCount++;
        string(keys, key);
        u32(keys, type.id);
    }

    private void array(String key, GgufValueType element, int count) {
        key(key, GgufValueType.ARRAY);
        u32(keys, element.id);
        u64(keys, count);
    }

    private static void string(ByteArrayOutputStream out, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        u64(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void u32(ByteArrayOutputStream out, int value) {
        out.writeBytes(little(4).putInt(value).array());
    }

    private static void u64(ByteArrayOutputStream out, long value) {
        out.writeBytes(little(8).putLong(value).array());
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void pad(ByteArrayOutputStream out) {
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
    }
}
