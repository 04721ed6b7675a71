package dev.troupe.image;

import java.util.Arrays;

/** An immutable picture, without a file format: red, green and blue, and perhaps opacity, from 0 to 1. */
public final class Picture {
    private final int channels;
    private final int height;
    private final int width;
    private final float[] values; // [channels, height, width]

    /**
     * @param channels 3, or 4 with opacity
     * @param values [channels, height, width]
     * @throws IllegalArgumentException if the numbers do not fit each other, or a value is not a number
     */
    public Picture(int channels, int height, int width, float[] values) {
        if ((channels != 3 && channels != 4) || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a picture of " + channels + " channels, " + width + " x " + height + " is none");
        }
        if (values.length != (long) channels * height * width) {
            throw new IllegalArgumentException("a picture of " + channels + " x " + height + " x " + width + " has not "
                    + values.length + " values");
        }
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.values = values.clone();
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                throw new IllegalArgumentException("a picture has a value that is not a number");
            }
            this.values[i] = Math.min(1, Math.max(0, values[i]));
        }
    }

    public int channels() {
        return channels;
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    /** A copy: [channels, height, width], from 0 to 1. */
    public float[] values() {
        return values.clone();
    }

    /** This picture where {@code mask} is 1, {@code other} where it is 0, and a mixture between. */
    public Picture over(Picture other, Mask mask) {
        var mixed = new float[values.length];
        for (int i = 0; i < mixed.length; i++) {
            float share = mask.at(i % (height * width));
            mixed[i] = share * values[i] + (1 - share) * other.values[i];
        }
        return new Picture(channels, height, width, mixed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that
                && channels == that.channels
                && width == that.width
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Picture[" + channels + " x " + height + " x " + width + "]";
    }
}
