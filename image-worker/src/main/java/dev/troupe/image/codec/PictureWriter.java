package dev.troupe.image.codec;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.image.Picture;

/** Writes pictures into files. */
public interface PictureWriter {
    /**
     * The same picture and output always give the same bytes.
     *
     * @param output what was asked for
     * @throws IllegalArgumentException if this writer cannot, with the reason in words for whoever asked
     */
    EncodedPicture write(Picture picture, PictureOutput output);
}
