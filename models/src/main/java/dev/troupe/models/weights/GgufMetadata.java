package dev.troupe.models.weights;

import dev.troupe.models.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The typed keys of a GGUF file. A key that is absent comes back empty; one of another type than asked for is a
 * {@link ModelFormatException} that names it. Arrays stay in the file until they are asked for.
 */
public final class GgufMetadata {
    /** More elements than any vocabulary has; a larger array is refused before memory is spent on it. */
    private static final int MAX_ARRAY = 1 << 22;

    private static final int MAX_KEYS = 1 << 16;
    private static final int LEAST_KEY_BYTES = 13;

    /** Where an array stands in the head of the file. */
    private record Span(GgufValueType type, int count, int at) {}

    private final Path path;
    private final ByteBuffer head;
    private final Map<String, Object> values;

    private GgufMetadata(Path path, ByteBuffer head, Map<String, Object> values) {
        this.path = path;
        this.head = head;
        this.values = Collections.unmodifiableMap(values);
    }

    static int readCount(GgufCursor cursor) {
        return cursor.count("the number of metadata keys", MAX_KEYS, LEAST_KEY_BYTES);
    }

    static GgufMetadata read(Path path, ByteBuffer head, GgufCursor cursor, int count) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = cursor.string("metadata key " + (i + 1) + " of " + count);
            if (values.put(key, value(head, cursor, key)) != null) {
                throw cursor.corrupt("metadata key '" + key + "' occurs twice");
            }
        }
        return new GgufMetadata(path, head, values);
    }

    private static Object value(ByteBuffer head, GgufCursor cursor, String key) {
        String what = "the value of '" + key + "'";
        GgufValueType type = GgufValueType.read(cursor, what);
        if (type == GgufValueType.STRING) {
            return cursor.string(what);
        }
        if (type != GgufValueType.ARRAY) {
            return type.number(head, cursor.skip(type.bytes, what));
        }
        GgufValueType element = GgufValueType.read(cursor, what);
        if (element == GgufValueType.ARRAY) {
            throw cursor.corrupt(what + " is an array of arrays");
        }
        int count = cursor.count("the length of '" + key + "'", MAX_ARRAY, element.bytes);
        int at = cursor.position();
        if (element == GgufValueType.STRING) {
            for (int i = 0; i < count; i++) {
                cursor.skip(cursor.u64(what), what);
            }
        } else {
            cursor.skip((long) count * element.bytes, what);
        }
        return new Span(element, count, at);
    }

    /** All keys, in the order of the file. */
    public Set<String> keys() {
        return values.keySet();
    }

    public Optional<String> string(String key) {
        return get(key, String.class, "a string");
    }

    /** A number of any integer type. */
    public OptionalLong integer(String key) {
        return get(key, Long.class, "an integer").map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }

    /** A number of any integer type that must lie in 0 to {@link Integer#MAX_VALUE}: a size, a count or a token id. */
    public OptionalInt natural(String key) {
        OptionalLong value = integer(key);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (value.getAsLong() < 0 || value.getAsLong() > Integer.MAX_VALUE) {
            throw wrong(key, "is " + value.getAsLong() + ", out of range");
        }
        return OptionalInt.of((int) value.getAsLong());
    }

    /** A number of any type. */
    public OptionalDouble number(String key) {
        return get(key, Number.class, "a number")
                .map(value -> OptionalDouble.of(value.doubleValue()))
                .orElseGet(OptionalDouble::empty);
    }

    public Optional<Boolean> bool(String key) {
        return get(key, Boolean.class, "a boolean");
    }

    public Optional<List<String>> strings(String key) {
        return get(key, Span.class, "an array").map(span -> {
            if (span.type != GgufValueType.STRING) {
                throw wrong(key, "is not an array of strings");
            }
            return strings(span);
        });
    }

    /** An array of integers or booleans (as 0 and 1), each of which must fit an int. */
    public Optional<int[]> ints(String key) {
        return get(key, Span.class, "an array").map(span -> {
            var out = new int[span.count];
            for (int i = 0; i < out.length; i++) {
                out[i] = toInt(key, element(key, span, i));
            }
            return out;
        });
    }

    /** An array of numbers of any type. */
    public Optional<float[]> floats(String key) {
        return get(key, Span.class, "an array").map(span -> {
            var out = new float[span.count];
            for (int i = 0; i < out.length; i++) {
                if (!(element(key, span, i) instanceof Number number)) {
                    throw wrong(key, "is not an array of numbers");
                }
                out[i] = number.floatValue();
            }
            return out;
        });
    }

    /** Whether the key holds an array, for those keys that may hold one or a single value. */
    public boolean isArray(String key) {
        return values.get(key) instanceof Span;
    }

    /** What to throw when a key that must be there is not. */
    public ModelFormatException missing(String key) {
        return wrong(key, "is missing");
    }

    private Object element(String key, Span span, int index) {
        if (span.type == GgufValueType.STRING) {
            throw wrong(key, "is an array of strings, not of numbers");
        }
        return span.type.number(head, span.at + index * span.type.bytes);
    }

    private int toInt(String key, Object value) {
        if (value instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        if (value instanceof Long number && number == number.intValue()) {
            return number.intValue();
        }
        throw wrong(key, "holds " + value + ", which is not an int");
    }

    private List<String> strings(Span span) {
        List<String> out = new ArrayList<>(span.count);
        int at = span.at;
        for (int i = 0; i < span.count; i++) {
            var bytes = new byte[(int) head.getLong(at)];
            head.get(at + 8, bytes);
            out.add(bytes.length == 0 ? "" : new String(bytes, StandardCharsets.UTF_8));
            at += 8 + bytes.length;
        }
        return Collections.unmodifiableList(out);
    }

    private <T> Optional<T> get(String key, Class<T> type, String typeName) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw wrong(key, "is not " + typeName);
        }
        return Optional.of(type.cast(value));
    }

    private ModelFormatException wrong(String key, String problem) {
        return new ModelFormatException(
                path + ": GGUF metadata key '" + key + "' " + problem + "; use a file made by a current converter");
    }
}
