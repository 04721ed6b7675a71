package dev.troupe.image.codec;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.image.Mask;
import dev.troupe.image.Picture;

/** Reads picture files that strangers send. */
public interface PictureReader {
    /**
     * The picture in a file, as large as it is there.
     *
     * @param channels 3, or 4 with opacity, whatever the file has
     * @throws IllegalArgumentException if it is none, or too large, with the reason in words for whoever sent it
     */
    Picture read(EncodedPicture file, int channels);

    /**
     * What may change, as a file says it: where that is transparent.
     *
     * @throws IllegalArgumentException as {@link #read}
     */
    Mask readMask(EncodedPicture file);
}
