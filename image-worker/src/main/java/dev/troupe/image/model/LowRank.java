package dev.troupe.image.model;

/**
 * What an adapter adds to one matrix W [rows, cols]: {@code factor * B A} (Hu and others: LoRA: Low-Rank Adaptation of Large Language
 * Models, 2022, eq. 3). A convolution's kernel counts as columns.
 */
final class LowRank {
    private final float[] up; // B [rows, rank]
    private final float[] down; // A [rank, cols]
    private final int rank;
    private final double factor;

    /** @param factor strength times alpha over rank */
    LowRank(float[] up, float[] down, int rank, double factor) {
        this.up = up;
        this.down = down;
        this.rank = rank;
        this.factor = factor;
    }

    int rows() {
        return up.length / rank;
    }

    int cols() {
        return down.length / rank;
    }

    /** Adds itself to {@code matrix} [rows, cols]. */
    void addTo(float[] matrix) {
        int cols = cols();
        for (int row = 0; row < rows(); row++) {
            for (int r = 0; r < rank; r++) {
                float share = (float) (factor * up[row * rank + r]);
                for (int col = 0; col < cols; col++) {
                    matrix[row * cols + col] += share * down[r * cols + col];
                }
            }
        }
    }
}
