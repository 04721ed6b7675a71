package dev.troupe.models.weights;

import java.util.List;

/**
 * A line of the tensor table.
 *
 * @param dims elements along each axis, the fastest first as ggml has it: a matrix is [cols, rows]
 * @param offset of its first byte, from the beginning of the file
 * @param bytes that it takes there
 */
public record GgufTensor(String name, GgmlType type, List<Long> dims, long offset, long bytes) {
    public GgufTensor {
        dims = List.copyOf(dims);
    }
}
