package dev.troupe.image.codec;

import dev.troupe.image.Picture;

/** A picture as files have it, eight bits a channel. Its numbers are shared, not copied: whoever has it changes nothing. */
final class Pixels {
    private static final float MOST = 255;

    private final int width;
    private final int height;
    private final int[] argb;

    /** @param argb row by row: opacity, red, green, blue, not multiplied with each other */
    Pixels(int width, int height, int[] argb) {
        this.width = width;
        this.height = height;
        this.argb = argb;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int[] argb() {
        return argb;
    }

    /** On white, where there are only 3 channels. */
    Picture toPicture(int channels) {
        int count = width * height;
        float[] values = new float[channels * count]; // [channels, height, width]
        for (int i = 0; i < count; i++) {
            int pixel = argb[i];
            float opacity = (pixel >>> 24) / MOST;
            for (int channel = 0; channel < 3; channel++) {
                float value = (pixel >>> (16 - 8 * channel) & 0xff) / MOST;
                values[channel * count + i] = channels == 4 ? value : value * opacity + 1 - opacity;
            }
            if (channels == 4) {
                values[3 * count + i] = opacity;
            }
        }
        return new Picture(channels, height, width, values);
    }

    /** @param onWhite whether what is transparent is made opaque */
    static Pixels of(Picture picture, boolean onWhite) {
        int count = picture.width() * picture.height();
        float[] values = picture.values();
        int[] argb = new int[count];
        for (int i = 0; i < count; i++) {
            float opacity = picture.channels() == 4 ? values[3 * count + i] : 1;
            int pixel = onWhite ? 0xff : Math.round(opacity * MOST);
            for (int channel = 0; channel < 3; channel++) {
                float value = values[channel * count + i];
                pixel = pixel << 8 | Math.round((onWhite ? value * opacity + 1 - opacity : value) * MOST);
            }
            argb[i] = pixel;
        }
        return new Pixels(picture.width(), picture.height(), argb);
    }

    boolean isOpaque() {
        for (int pixel : argb) {
            if (pixel >>> 24 != 0xff) {
                return false;
            }
        }
        return true;
    }
}
