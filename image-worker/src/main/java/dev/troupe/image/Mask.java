package dev.troupe.image;

/** Which places of a picture may change: 1 where it may, 0 where it stays. Immutable. */
public final class Mask {
    private final int height;
    private final int width;
    private final float[] values; // [height, width]

    /**
     * @param values [height, width], from 0 to 1
     * @throws IllegalArgumentException if there are not so many, or one is out of range
     */
    public Mask(int height, int width, float[] values) {
        if (height < 1 || width < 1 || values.length != (long) height * width) {
            throw new IllegalArgumentException(
                    "a mask of " + width + " x " + height + " has not " + values.length + " values");
        }
        this.height = height;
        this.width = width;
        this.values = values.clone();
        for (float value : values) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("a mask has a value of " + value + ", outside 0 to 1");
            }
        }
    }

    public int height() {
        return height;
    }

    public int width() {
        return width;
    }

    float at(int place) {
        return values[place];
    }

    /**
     * The mask of the latents: a place that stands for several of the picture may change as far as the most changeable of them.
     *
     * @return [height / factor, width / factor]
     */
    float[] shrunk(int factor) {
        int rows = height / factor;
        int cols = width / factor;
        var small = new float[rows * cols];
        for (int y = 0; y < rows * factor; y++) {
            for (int x = 0; x < cols * factor; x++) {
                int at = y / factor * cols + x / factor;
                small[at] = Math.max(small[at], values[y * width + x]);
            }
        }
        return small;
    }
}
