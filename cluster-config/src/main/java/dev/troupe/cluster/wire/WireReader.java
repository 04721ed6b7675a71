package dev.troupe.cluster.wire;

import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads what {@link WireWriter} wrote. Every read is checked against what is left, so a torn message never allocates more than it brought. */
public final class WireReader {
    private final Buffer buffer;
    private int position;

    public WireReader(Buffer buffer, int position) {
        this.buffer = buffer;
        this.position = position;
    }

    public boolean bool() {
        return switch (buffer.getByte(take(1))) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new WireException("a truth value is neither 0 nor 1");
        };
    }

    public long count() {
        long value = varint();
        if (value < 0) {
            throw new WireException("a count is negative");
        }
        return value;
    }

    public int smallCount() {
        return Math.toIntExact(within(count(), Integer.MAX_VALUE, "a count"));
    }

    public long bits() {
        return buffer.getLongLE(take(Long.BYTES));
    }

    public float real() {
        return buffer.getFloatLE(take(Float.BYTES));
    }

    public double wideReal() {
        return Double.longBitsToDouble(bits());
    }

    public float[] reals() {
        int size = Math.toIntExact(within(count(), (long) (buffer.length() - position) / Float.BYTES, "a length"));
        var values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = real();
        }
        return values;
    }

    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public byte[] bytes() {
        int length = length();
        int from = take(length);
        return buffer.getBytes(from, from + length);
    }

    public <E extends Enum<E>> E constant(Class<E> type) {
        E[] constants = type.getEnumConstants();
        int ordinal = buffer.getByte(take(1));
        if (ordinal < 0 || ordinal >= constants.length) {
            throw new WireException("no " + type.getSimpleName() + " has number " + ordinal);
        }
        return constants[ordinal];
    }

    public TokenIds tokens() {
        int[] ids = new int[length()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = smallCount();
        }
        return TokenIds.of(ids);
    }

    public <T> List<T> list(Function<WireReader, T> element) {
        int size = length();
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(element.apply(this));
        }
        return values;
    }

    public <T> Optional<T> optional(Function<WireReader, T> element) {
        return bool() ? Optional.of(element.apply(this)) : Optional.empty();
    }

    public OptionalInt optionalCount() {
        return bool() ? OptionalInt.of(smallCount()) : OptionalInt.empty();
    }

    public OptionalLong optionalLongCount() {
        return bool() ? OptionalLong.of(count()) : OptionalLong.empty();
    }

    /** A number of elements of at least one byte each. */
    private int length() {
        return Math.toIntExact(within(count(), (long) buffer.length() - position, "a length"));
    }

    private static long within(long value, long most, String what) {
        if (value > most) {
            throw new WireException(what + " is " + value + " where at most " + most + " is possible");
        }
        return value;
    }

    private int take(int bytes) {
        if (bytes > buffer.length() - position) {
            throw new WireException("the message ends " + (bytes - buffer.length() + position) + " bytes early");
        }
        int from = position;
        position += bytes;
        return from;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = buffer.getByte(take(1));
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException("a number does not end");
    }
}
