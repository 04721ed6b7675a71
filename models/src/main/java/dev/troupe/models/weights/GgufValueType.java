package dev.troupe.models.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The types of a metadata value. */
enum GgufValueType {
    UINT8(0, 1),
    INT8(1, 1),
    UINT16(2, 2),
    INT16(3, 2),
    UINT32(4, 4),
    INT32(5, 4),
    FLOAT32(6, 4),
    BOOL(7, 1),
    STRING(8, 8),
    ARRAY(9, 12),
    UINT64(10, 8),
    INT64(11, 8),
    FLOAT64(12, 8);

    /** The number that stands for the type in a file. */
    final int id;

    /** Bytes of a number; for strings and arrays what they take at the least. */
    final int bytes;

    GgufValueType(int id, int bytes) {
        this.id = id;
        this.bytes = bytes;
    }

    static GgufValueType read(GgufCursor cursor, String what) {
        int id = cursor.u32(what);
        return Arrays.stream(values())
                .filter(type -> type.id == id)
                .findFirst()
                .orElseThrow(() -> cursor.corrupt(what + " has unknown value type " + Integer.toUnsignedString(id)));
    }

    /** The number at {@code at}: a {@link Long}, {@link Double} or {@link Boolean}. */
    Object number(ByteBuffer head, int at) {
        return switch (this) {
            case UINT8 -> (long) Byte.toUnsignedInt(head.get(at));
            case INT8 -> (long) head.get(at);
            case UINT16 -> (long) Short.toUnsignedInt(head.getShort(at));
            case INT16 -> (long) head.getShort(at);
            case UINT32 -> Integer.toUnsignedLong(head.getInt(at));
            case INT32 -> (long) head.getInt(at);
            case UINT64, INT64 -> head.getLong(at);
            case FLOAT32 -> (double) head.getFloat(at);
            case FLOAT64 -> head.getDouble(at);
            case BOOL -> head.get(at) != 0;
            case STRING, ARRAY -> throw new IllegalArgumentException(this + " is not a number");
        };
    }
}
