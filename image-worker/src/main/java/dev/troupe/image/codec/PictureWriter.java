package dev.troupe.image.codec;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureOutput.Background;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.image.Picture;

/**
 * Writes what a model has made: every file says that a machine made it, in XMP, and a PNG also from what.
 *
 * <p>At quality 100 a WebP loses nothing; below, and in a JPEG always, something is lost.
 */
public final class PictureWriter {
    private PictureWriter() {}

    public static EncodedPicture write(Picture picture, PictureOutput output, Provenance provenance) {
        boolean onWhite = output.background() == Background.OPAQUE || output.type() == PictureType.JPEG;
        Pixels plain = Pixels.of(picture, onWhite);
        Pixels pixels = output.mark() ? VisibleMark.on(plain) : plain;
        byte[] bytes =
                switch (output.type()) {
                    case PNG -> Envelope.png(Encoder.png(pixels), provenance);
                    case JPEG -> Envelope.jpeg(Encoder.jpeg(pixels, output.quality()), provenance);
                    case WEBP -> Envelope.webp(Encoder.webp(pixels, output.quality()), pixels, provenance);
                };
        return new EncodedPicture(output.type(), bytes);
    }
}
