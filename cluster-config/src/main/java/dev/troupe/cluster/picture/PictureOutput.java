package dev.troupe.cluster.picture;

import java.util.Objects;

/**
 * How a picture is to be written.
 *
 * @param quality 1 to 100; of formats that lose something
 * @param background whether what is transparent stays so
 * @param mark whether it shows that a machine made it
 */
public record PictureOutput(PictureType type, int quality, Background background, boolean mark) {
    public static final PictureOutput PNG = new PictureOutput(PictureType.PNG, 100, Background.AUTO, false);

    /** The order is part of the wire form: append only. */
    public enum Background {
        /** As the model makes it, where the format can hold that. */
        AUTO,
        TRANSPARENT,
        /** On white. */
        OPAQUE
    }

    public PictureOutput {
        Objects.requireNonNull(type);
        Objects.requireNonNull(background);
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("quality " + quality + ": say 1 to 100");
        }
        if (type == PictureType.JPEG && background == Background.TRANSPARENT) {
            throw new IllegalArgumentException("a JPEG cannot be transparent: ask for png or webp");
        }
    }
}
