package dev.troupe.image;

/**
 * Scales pictures with Lanczos' windowed sinc of three lobes (Duchon: Lanczos Filtering in One and Two Dimensions, 1979); where it makes them smaller, the
 * filter is as much wider, so that nothing flickers. Colours are weighted with their opacity, so that what is invisible leaves no fringe.
 */
public final class Lanczos {
    private static final float CLEAR = 1e-4f;

    private Lanczos() {}

    private enum Kernel {
        LANCZOS(3) {
            @Override
            double at(double x) {
                return sinc(x) * sinc(x / 3);
            }
        },
        /** Never beyond what it is made of. */
        TRIANGLE(1) {
            @Override
            double at(double x) {
                return 1 - Math.abs(x);
            }
        };

        private final int lobes;

        Kernel(int lobes) {
            this.lobes = lobes;
        }

        /** @param x nearer to 0 than {@code lobes} */
        abstract double at(double x);

        double weight(double x) {
            return Math.abs(x) >= lobes ? 0 : at(x);
        }
    }

    /** For each place of a side which places of the other side it is made of. */
    private static final class Taps {
        private final int[] first;
        private final float[][] weights;

        Taps(int places) {
            first = new int[places];
            weights = new float[places][];
        }
    }

    /** @return the picture in that size; the same one where it has it already */
    public static Picture scale(Picture picture, int width, int height) {
        if (picture.width() == width && picture.height() == height) {
            return picture;
        }
        float[] from = picture.values();
        int area = picture.width() * picture.height();
        boolean opacity = picture.channels() == 4;
        if (opacity) {
            for (int i = 0; i < 3 * area; i++) {
                from[i] *= from[3 * area + i % area];
            }
        }
        float[] to = planes(Kernel.LANCZOS, from, picture.channels(), picture.width(), picture.height(), width, height);
        if (opacity) {
            int target = width * height;
            for (int i = 0; i < 3 * target; i++) {
                float seen = to[3 * target + i % target];
                to[i] = seen > CLEAR ? to[i] / seen : 0;
            }
        }
        return new Picture(picture.channels(), height, width, to);
    }

    /** @return the mask in that size; between its values by straight lines, so that what may not change at all stays so */
    public static Mask scale(Mask mask, int width, int height) {
        if (mask.width() == width && mask.height() == height) {
            return mask;
        }
        var from = new float[mask.width() * mask.height()];
        for (int i = 0; i < from.length; i++) {
            from[i] = mask.at(i);
        }
        float[] to = planes(Kernel.TRIANGLE, from, 1, mask.width(), mask.height(), width, height);
        for (int i = 0; i < to.length; i++) {
            to[i] = Math.min(1, Math.max(0, to[i]));
        }
        return new Mask(height, width, to);
    }

    private static float[] planes(
            Kernel kernel, float[] from, int planes, int width, int height, int newWidth, int newHeight) {
        Taps across = taps(kernel, width, newWidth);
        Taps down = taps(kernel, height, newHeight);
        var narrow = new float[planes * height * newWidth];
        for (int row = 0; row < planes * height; row++) {
            for (int x = 0; x < newWidth; x++) {
                narrow[row * newWidth + x] = sum(from, row * width, 1, across, x);
            }
        }
        var to = new float[planes * newHeight * newWidth];
        for (int plane = 0; plane < planes; plane++) {
            for (int y = 0; y < newHeight; y++) {
                for (int x = 0; x < newWidth; x++) {
                    to[(plane * newHeight + y) * newWidth + x] =
                            sum(narrow, plane * height * newWidth + x, newWidth, down, y);
                }
            }
        }
        return to;
    }

    private static float sum(float[] values, int start, int stride, Taps taps, int place) {
        float[] weights = taps.weights[place];
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * values[start + (taps.first[place] + i) * stride];
        }
        return sum;
    }

    private static Taps taps(Kernel kernel, int size, int newSize) {
        double scale = (double) size / newSize;
        double stretch = Math.max(1, scale);
        Taps taps = new Taps(newSize);
        for (int place = 0; place < newSize; place++) {
            double centre = (place + 0.5) * scale - 0.5;
            int from = Math.max(0, (int) Math.ceil(centre - kernel.lobes * stretch));
            int to = Math.min(size - 1, (int) Math.floor(centre + kernel.lobes * stretch));
            var row = new float[to - from + 1];
            double all = 0;
            for (int i = from; i <= to; i++) {
                row[i - from] = (float) kernel.weight((i - centre) / stretch);
                all += row[i - from];
            }
            for (int i = 0; i < row.length; i++) {
                row[i] /= (float) all;
            }
            taps.first[place] = from;
            taps.weights[place] = row;
        }
        return taps;
    }

    private static double sinc(double x) {
        double turned = Math.PI * x;
        return Math.abs(turned) < 1e-9 ? 1 : Math.sin(turned) / turned;
    }
}
