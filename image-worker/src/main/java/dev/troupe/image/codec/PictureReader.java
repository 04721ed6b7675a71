package dev.troupe.image.codec;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureHeader;
import dev.troupe.image.Mask;
import dev.troupe.image.Picture;

/** Reads what somebody has sent. */
public final class PictureReader {
    private PictureReader() {}

    /**
     * A picture upright, as its Exif data says it was taken.
     *
     * @param channels 3: what is transparent is put on white; 4
     * @throws PictureException when it is no still RGB or grey picture of at most {@link PictureHeader#MAX_PIXELS}, or damaged
     */
    public static Picture read(EncodedPicture file, int channels) {
        byte[] bytes = file.bytes();
        PictureHeader header = header(file, bytes);
        Pixels pixels = Orientation.of(header.type(), bytes).upright(Decoder.decode(header, bytes));
        return pixels.toPicture(channels);
    }

    /**
     * Where a picture may change: where the file is transparent.
     *
     * @throws PictureException as {@link #read}, and when nothing in it is transparent
     */
    public static Mask mask(EncodedPicture file) {
        Picture picture = read(file, 4);
        int count = picture.width() * picture.height();
        float[] values = picture.values();
        float[] open = new float[count];
        float most = 0;
        for (int i = 0; i < count; i++) {
            open[i] = 1 - values[3 * count + i];
            most = Math.max(most, open[i]);
        }
        if (most == 0) {
            throw new PictureException(
                    "nothing in the mask is transparent, so nothing may change; make transparent what shall change");
        }
        return new Mask(picture.height(), picture.width(), open);
    }

    private static PictureHeader header(EncodedPicture file, byte[] bytes) {
        PictureHeader header;
        try {
            header = PictureHeader.read(bytes);
        } catch (IllegalArgumentException e) {
            throw new PictureException(e.getMessage(), e);
        }
        if (header.type() != file.type()) {
            throw new PictureException("it says that it is a " + file.type() + ", and is a " + header.type());
        }
        return header;
    }
}
