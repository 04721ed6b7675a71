package dev.troupe.models.weights;

import dev.troupe.models.ModelFormatException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads the head of a GGUF file from front to back and believes no length in it before it has been compared with the file. */
final class GgufCursor {
    private final Path path;
    private final ByteBuffer head;
    private int position;

    GgufCursor(Path path, ByteBuffer head) {
        this.path = path;
        this.head = head;
    }

    int position() {
        return position;
    }

    /** Passes over {@code length} bytes and says where they begin. */
    int skip(long length, String what) {
        if (length < 0 || length > head.limit() - position) {
            throw corrupt("it ends inside " + what);
        }
        int start = position;
        position += (int) length;
        return start;
    }

    int u32(String what) {
        return head.getInt(skip(4, what));
    }

    /** An unsigned number of 64 bits; one beyond a signed long is refused, for nothing in a file is so large. */
    long u64(String what) {
        long value = head.getLong(skip(8, what));
        if (value < 0) {
            throw corrupt(what + " is " + Long.toUnsignedString(value));
        }
        return value;
    }

    /** How many items follow, refused when they could not fit in what is left even at {@code leastBytes} each. */
    int count(String what, long most, int leastBytes) {
        long count = u64(what);
        if (count > most || count > (head.limit() - position) / leastBytes) {
            throw corrupt(what + " is " + count + ", more than the file can hold");
        }
        return (int) count;
    }

    String string(String what) {
        long length = u64("the length of " + what);
        int start = skip(length, what);
        var bytes = new byte[(int) length];
        head.get(start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    ModelFormatException unsupported(String problem) {
        return new ModelFormatException(path + ": " + problem);
    }

    ModelFormatException corrupt(String problem) {
        return new ModelFormatException(
                path + ": damaged GGUF file: " + problem + " (near byte " + position + "); fetch the file again");
    }
}
