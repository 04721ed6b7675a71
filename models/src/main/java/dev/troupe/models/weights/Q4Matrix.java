package dev.troupe.models.weights;

/**
 * Rows of a matrix in 4-bit codes with groups of 32 along a row: {@code w = (code - 8) * scale + zero}. This is what
 * PyTorch's {@code _convert_weight_to_int4pack_for_cpu} and {@code _weight_int4pack_mm_for_cpu} compute with.
 *
 * <p>The arrays belong to whoever asked for the matrix.
 */
public final class Q4Matrix {
    /** Elements that share a scale and a zero. */
    public static final int GROUP = 32;

    private final int rows;
    private final int cols;
    private final byte[] codes;
    private final float[] scales;
    private final float[] zeros;

    Q4Matrix(int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
        int elements = Math.multiplyExact(rows, cols);
        codes = new byte[elements];
        scales = new float[elements / GROUP];
        zeros = new float[elements / GROUP];
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    /** 0 to 15, one a byte: [rows, cols]. */
    public byte[] codes() {
        return codes;
    }

    /** [rows, cols / 32]. */
    public float[] scales() {
        return scales;
    }

    /** [rows, cols / 32]. */
    public float[] zeros() {
        return zeros;
    }
}
