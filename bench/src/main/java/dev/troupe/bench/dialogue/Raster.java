package dev.troupe.bench.dialogue;

import dev.troupe.bench.BenchException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pixels of a picture, row by row, as 0xAARRGGBB. */
final class Raster {
    private static final int OPAQUE = 128;
    private static final int MAX_SIDE = 4096;

    private final int width;
    private final int height;
    private final int[] pixels; // [height * width]

    Raster(int width, int height, int[] pixels) {
        if (width < 1 || height < 1 || pixels.length != width * height) {
            throw new IllegalArgumentException(pixels.length + " pixels are not " + width + "x" + height);
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels.clone();
    }

    /**
     * @param file in base64
     * @throws BenchException when it is no picture that Java can read
     */
    static Raster of(String file) {
        try {
            BufferedImage image =
                    ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(file)));
            if (image == null || image.getWidth() > MAX_SIDE || image.getHeight() > MAX_SIDE) {
                throw new BenchException(
                        "the server's picture is no PNG or JPEG of at most " + MAX_SIDE + " pixels a side");
            }
            int width = image.getWidth();
            int height = image.getHeight();
            return new Raster(width, height, image.getRGB(0, 0, width, height, null, 0, width));
        } catch (IOException e) {
            throw new BenchException("the server's picture cannot be read: " + e.getMessage(), e);
        }
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int size() {
        return pixels.length;
    }

    int rgb(int place) {
        return pixels[place] & 0xffffff;
    }

    boolean isOpaque(int place) {
        return pixels[place] >>> 24 >= OPAQUE;
    }

    /** Of another size, by the nearest pixel. */
    Raster scaled(int toWidth, int toHeight) {
        int[] scaled = new int[toWidth * toHeight];
        for (int y = 0; y < toHeight; y++) {
            for (int x = 0; x < toWidth; x++) {
                scaled[y * toWidth + x] = pixels[y * height / toHeight * width + x * width / toWidth];
            }
        }
        return new Raster(toWidth, toHeight, scaled);
    }
}
