package dev.troupe.cluster.picture;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A file format of pictures. The order is part of the wire form: append only. */
public enum PictureType {
    PNG("image/png"),
    JPEG("image/jpeg"),
    WEBP("image/webp");

    private final String mediaType;

    PictureType(String mediaType) {
        this.mediaType = mediaType;
    }

    /** @return as HTTP names it */
    public String mediaType() {
        return mediaType;
    }

    /** @return the word of JSON and SQL */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @return empty when no type has that word */
    public static Optional<PictureType> of(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }
}
