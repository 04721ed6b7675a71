package dev.troupe.cluster.wire;

import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** Appends values to a buffer. Counts are variable-length (LEB128). */
public final class WireWriter {
    private final Buffer buffer;

    public WireWriter(Buffer buffer) {
        this.buffer = buffer;
    }

    public WireWriter bool(boolean value) {
        buffer.appendByte((byte) (value ? 1 : 0));
        return this;
    }

    /** A whole number that is not negative. */
    public WireWriter count(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("count must not be negative: " + value);
        }
        return varint(value);
    }

    /** Eight bytes, for values that use them all, such as hashes and seeds. */
    public WireWriter bits(long value) {
        buffer.appendLongLE(value);
        return this;
    }

    public WireWriter real(float value) {
        buffer.appendFloatLE(value);
        return this;
    }

    /** All bits of it. */
    public WireWriter wideReal(double value) {
        return bits(Double.doubleToRawLongBits(value));
    }

    public WireWriter reals(float[] values) {
        count(values.length);
        for (float value : values) {
            buffer.appendFloatLE(value);
        }
        return this;
    }

    public WireWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public WireWriter bytes(byte[] value) {
        count(value.length);
        buffer.appendBytes(value);
        return this;
    }

    // The constants of wire enums are append-only by contract, which is what the check asks for.
    @SuppressWarnings("EnumOrdinal")
    public WireWriter constant(Enum<?> value) {
        buffer.appendByte((byte) value.ordinal());
        return this;
    }

    public WireWriter tokens(TokenIds ids) {
        count(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            count(ids.get(i));
        }
        return this;
    }

    public <T> WireWriter list(Collection<T> values, BiConsumer<WireWriter, T> element) {
        count(values.size());
        values.forEach(value -> element.accept(this, value));
        return this;
    }

    public <T> WireWriter optional(Optional<T> value, BiConsumer<WireWriter, T> element) {
        bool(value.isPresent());
        value.ifPresent(present -> element.accept(this, present));
        return this;
    }

    public WireWriter optional(OptionalInt value) {
        bool(value.isPresent());
        value.ifPresent(this::count);
        return this;
    }

    public WireWriter optional(OptionalLong value) {
        bool(value.isPresent());
        value.ifPresent(this::count);
        return this;
    }

    private WireWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer.appendByte((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        buffer.appendByte((byte) rest);
        return this;
    }
}
