package dev.troupe.image.codec;

/** Another size: a triangle over the source, as wide as two pixels of the coarser side, so that nothing is left out when it shrinks. */
final class Resampling {
    private Resampling() {}

    /**
     * @param values [channels, height, width]
     * @return [channels, newHeight, newWidth]
     */
    static float[] of(float[] values, int channels, int width, int height, int newWidth, int newHeight) {
        float[] wide = rows(values, channels * height, width, newWidth);
        float[] turned = transposed(wide, channels, height, newWidth);
        float[] both = rows(turned, channels * newWidth, height, newHeight);
        return transposed(both, channels, newWidth, newHeight);
    }

    private static float[] rows(float[] values, int rows, int length, int newLength) {
        if (length == newLength) {
            return values;
        }
        float[] scaled = new float[rows * newLength];
        double scale = (double) length / newLength;
        double reach = Math.max(1, scale);
        for (int to = 0; to < newLength; to++) {
            double center = (to + 0.5) * scale - 0.5;
            int first = Math.max(0, (int) Math.ceil(center - reach));
            int last = Math.min(length - 1, (int) Math.floor(center + reach));
            double[] weights = new double[last - first + 1];
            double sum = 0;
            for (int i = first; i <= last; i++) {
                weights[i - first] = Math.max(0, 1 - Math.abs(i - center) / reach);
                sum += weights[i - first];
            }
            for (int row = 0; row < rows; row++) {
                double value = 0;
                for (int i = first; i <= last; i++) {
                    value += weights[i - first] * values[row * length + i];
                }
                scaled[row * newLength + to] = (float) (value / sum);
            }
        }
        return scaled;
    }

    private static float[] transposed(float[] values, int planes, int rows, int cols) {
        float[] turned = new float[values.length];
        for (int plane = 0; plane < planes; plane++) {
            int base = plane * rows * cols;
            for (int row = 0; row < rows; row++) {
                for (int col = 0; col < cols; col++) {
                    turned[base + col * rows + row] = values[base + row * cols + col];
                }
            }
        }
        return turned;
    }
}
