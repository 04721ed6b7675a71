package dev.troupe.cluster.picture;

import java.util.Arrays;
import java.util.Objects;

/** The bytes of a picture in a file format. Immutable; nobody has looked whether they are what they say. */
public final class EncodedPicture {
    private final PictureType type;
    private final byte[] bytes;

    /** @throws IllegalArgumentException if there are none */
    public EncodedPicture(PictureType type, byte[] bytes) {
        this.type = Objects.requireNonNull(type);
        this.bytes = bytes.clone();
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a picture without bytes is none");
        }
    }

    public PictureType type() {
        return type;
    }

    public int size() {
        return bytes.length;
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncodedPicture that && type == that.type && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "EncodedPicture[" + type + ", " + bytes.length + " bytes]";
    }
}
