package dev.troupe.models.weights;

import java.util.List;

/**
 * A line of a safetensors header.
 *
 * @param dtype as the file names it, e.g. {@code BF16} or {@code I64}
 * @param shape the slowest axis first; empty for a scalar
 * @param offset of its first byte, from the beginning of the file
 * @param bytes that it takes there
 */
public record SafetensorsTensor(String name, String dtype, List<Long> shape, long offset, long bytes) {
    public SafetensorsTensor {
        shape = List.copyOf(shape);
    }
}
