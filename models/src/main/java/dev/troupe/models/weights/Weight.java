package dev.troupe.models.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One tensor of a model, left in its file until rows of it are asked for. A matrix is [rows, cols]; a vector of n has n
 * rows of one column.
 *
 * <p>Rows of Q and K come in the order for rotate-half rope, and norm weights as what the normalised value is multiplied
 * by, whatever the file does.
 */
public final class Weight {
    private final MappedFile file;
    private final String name;
    private final GgmlType type;
    private final int rows;
    private final int cols;
    private final long offset;
    private final RowOrder order;
    private final float plus;

    private Weight(
            MappedFile file, String name, GgmlType type, int rows, int cols, long offset, RowOrder order, float plus) {
        this.file = file;
        this.name = name;
        this.type = type;
        this.rows = rows;
        this.cols = cols;
        this.offset = offset;
        this.order = order;
        this.plus = plus;
    }

    /**
     * A tensor as it stands in a file.
     *
     * @param shape the slowest axis first; all but the first become columns
     * @throws IllegalArgumentException if it is too large for one Java array of rows
     */
    static Weight of(MappedFile file, String name, GgmlType type, List<Long> shape, long offset) {
        long rows = shape.isEmpty() ? 1 : shape.get(0);
        long cols = shape.stream().skip(1).reduce(1L, Math::multiplyExact);
        if (rows > Integer.MAX_VALUE || cols > MappedFile.MAX_SLICE / Float.BYTES) {
            throw new IllegalArgumentException("tensor '" + name + "' of shape " + shape + " is too large");
        }
        if (cols % type.blockSize() != 0) {
            throw new IllegalArgumentException("tensor '" + name + "' has no rows that " + type + " could be cut from");
        }
        return new Weight(file, name, type, (int) rows, (int) cols, offset, RowOrder.PLAIN, 0);
    }

    /** The same with another name. */
    Weight named(String other) {
        return new Weight(file, other, type, rows, cols, offset, order, plus);
    }

    /** The same with its rows elsewhere. */
    Weight ordered(RowOrder other) {
        return new Weight(file, name, type, rows, cols, offset, other, plus);
    }

    /** The same with a constant added to every element. */
    Weight plus(float constant) {
        return new Weight(file, name, type, rows, cols, offset, order, plus + constant);
    }

    public String name() {
        return name;
    }

    /** How the file stores it. */
    public GgmlType type() {
        return type;
    }

    public int rows() {
        return rows;
    }

    public int cols() {
        return cols;
    }

    /** Bytes in the file. */
    public long bytes() {
        return rowBytes() * rows;
    }

    /** All elements, row by row: [rows * cols]. */
    public float[] values() {
        return rows(0, rows);
    }

    /** The elements of rows {@code from} to {@code to}, the latter excluded: [(to - from) * cols]. */
    public float[] rows(int from, int to) {
        var out = new float[Math.multiplyExact(to - from, cols)];
        read(from, to, out);
        return out;
    }

    /** Puts the elements of rows {@code from} to {@code to}, the latter excluded, at the beginning of {@code out}. */
    public void read(int from, int to, float[] out) {
        Objects.checkFromToIndex(from, to, rows);
        int step = stride();
        for (int row = from; row < to; row += step) {
            int count = Math.min(step, to - row);
            type.dequantise(source(row, count), out, (row - from) * cols);
        }
        if (plus != 0) {
            for (int i = 0; i < (to - from) * cols; i++) {
                out[i] += plus;
            }
        }
    }

    /** Whether {@link #q4} has something to give. */
    public boolean isQ4() {
        return type.q4Reader().isPresent();
    }

    /** The whole matrix in 4-bit codes, if that is how the file stores it. */
    public Optional<Q4Matrix> q4() {
        return q4(0, rows);
    }

    /** Rows {@code from} to {@code to}, the latter excluded, in 4-bit codes, if that is how the file stores them. */
    public Optional<Q4Matrix> q4(int from, int to) {
        Objects.checkFromToIndex(from, to, rows);
        return type.q4Reader().map(reader -> {
            var out = new Q4Matrix(to - from, cols);
            var data = new byte[(int) rowBytes()];
            for (int row = from; row < to; row++) {
                source(row, 1).get(data);
                int group = (row - from) * (cols / Q4Matrix.GROUP);
                reader.read(data, 0, data.length / type.blockBytes(), out, group);
            }
            return out;
        });
    }

    /** Up to {@code most} bytes as the file has them, from the middle of the tensor on. */
    byte[] sample(int most) {
        long length = Math.min(most, bytes());
        var out = new byte[(int) length];
        file.slice(offset + (bytes() - length) / 2, length).get(out);
        return out;
    }

    /** How many rows may be read at once: all that fit a slice when they stand in order, otherwise one. */
    private int stride() {
        return order == RowOrder.PLAIN ? (int) Math.min(rows, Math.max(1, MappedFile.MAX_SLICE / rowBytes())) : 1;
    }

    private ByteBuffer source(int row, int count) {
        long bytes = rowBytes();
        return file.slice(offset + order.source(row) * bytes, count * bytes);
    }

    private long rowBytes() {
        return type.bytes(cols);
    }

    @Override
    public String toString() {
        return name + " " + type + " " + Arrays.asList(rows, cols);
    }
}
