package dev.troupe.image.codec;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.image.Mask;
import dev.troupe.image.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** PNG alone, with what Java brings. */
public final class PlainPictures implements PictureReader, PictureWriter {
    private static final long MOST_PIXELS = 16L << 20;

    @Override
    public Picture read(EncodedPicture file, int channels) {
        BufferedImage image = image(file);
        int width = image.getWidth();
        int height = image.getHeight();
        var values = new float[channels * height * width];
        for (int at = 0; at < height * width; at++) {
            int argb = image.getRGB(at % width, at / width);
            for (int channel = 0; channel < channels; channel++) {
                int shift = channel == 3 ? 24 : 16 - 8 * channel;
                values[channel * height * width + at] = ((argb >>> shift) & 0xFF) / 255f;
            }
        }
        return new Picture(channels, height, width, values);
    }

    @Override
    public Mask readMask(EncodedPicture file) {
        BufferedImage image = image(file);
        int width = image.getWidth();
        int height = image.getHeight();
        var values = new float[height * width];
        for (int at = 0; at < values.length; at++) {
            values[at] = 1 - (image.getRGB(at % width, at / width) >>> 24) / 255f;
        }
        return new Mask(height, width, values);
    }

    private static BufferedImage image(EncodedPicture file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file.bytes()))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IllegalArgumentException("the picture is in no format that is read here; send a PNG");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                if ((long) reader.getWidth(0) * reader.getHeight(0) > MOST_PIXELS) {
                    throw new IllegalArgumentException("the picture has " + reader.getWidth(0) + "x"
                            + reader.getHeight(0) + " pixels; send a smaller one");
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the picture cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public EncodedPicture write(Picture picture, PictureOutput output) {
        if (output.type() != PictureType.PNG) {
            throw new IllegalArgumentException(
                    "pictures of type " + output.type().word() + " are not written here");
        }
        int width = picture.width();
        int height = picture.height();
        boolean opacity = picture.channels() == 4;
        BufferedImage image =
                new BufferedImage(width, height, opacity ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        float[] values = picture.values();
        for (int at = 0; at < height * width; at++) {
            int argb = opacity ? eight(values[3 * height * width + at]) << 24 : 0xFF << 24;
            for (int channel = 0; channel < 3; channel++) {
                argb |= eight(values[channel * height * width + at]) << (16 - 8 * channel);
            }
            image.setRGB(at % width, at / width, argb);
        }
        try (var out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return new EncodedPicture(PictureType.PNG, out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int eight(float value) {
        return Math.round(value * 255);
    }
}
