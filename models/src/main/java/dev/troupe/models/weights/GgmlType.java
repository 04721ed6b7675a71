package dev.troupe.models.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the elements of a tensor are stored: plain numbers, or blocks that share scales.
 *
 * <p>Ids, block sizes and layouts are those of ggml ({@code ggml.h}, {@code ggml-common.h} and {@code ggml-quants.c} in
 * llama.cpp). Numbers are little-endian.
 */
public enum GgmlType {
    F32(0, 1, 4, FloatBlocks::f32),
    F16(1, 1, 2, FloatBlocks::f16),
    Q4_0(2, 32, 18, LegacyBlocks::q4v0),
    Q4_1(3, 32, 20, LegacyBlocks::q4v1),
    Q5_0(6, 32, 22, LegacyBlocks::q5v0),
    Q5_1(7, 32, 24, LegacyBlocks::q5v1),
    Q8_0(8, 32, 34, LegacyBlocks::q8v0),
    Q4_K(12, 256, 144, KBlocks::q4k),
    Q5_K(13, 256, 176, KBlocks::q5k),
    Q6_K(14, 256, 210, KBlocks::q6k),
    BF16(30, 1, 2, FloatBlocks::bf16);

    /** Decodes {@code blocks} blocks that begin at {@code at} into floats that begin at {@code outAt}. */
    @FunctionalInterface
    interface Decoder {
        void decode(byte[] data, int at, int blocks, float[] out, int outAt);
    }

    /** Bytes decoded at a time: copied out of the map once, and small enough to stay in the first-level cache. */
    private static final int CHUNK = 16 * 1024;

    private final int id;
    private final int blockSize;
    private final int blockBytes;

    @SuppressWarnings("ImmutableEnumChecker") // every decoder is a reference to a static method without state
    private final Decoder decoder;

    GgmlType(int id, int blockSize, int blockBytes, Decoder decoder) {
        this.id = id;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
        this.decoder = decoder;
    }

    /** The type of a GGUF id, or nothing for one that this reader does not decode. */
    static Optional<GgmlType> of(int id) {
        return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
    }

    /** All names, for messages. */
    static String names() {
        return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
    }

    /** The number that stands for this type in a GGUF file. */
    public int id() {
        return id;
    }

    /** Elements in a block; 1 for plain numbers. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Bytes of {@code elements} elements, which must be whole blocks. */
    public long bytes(long elements) {
        if (elements % blockSize != 0) {
            throw new IllegalArgumentException(elements + " elements are not whole blocks of " + this);
        }
        return Math.multiplyExact(elements / blockSize, blockBytes);
    }

    /** How to take the codes and scales out, for the types that have four bits and groups of 32. */
    Optional<Q4Blocks.Reader> q4Reader() {
        return switch (this) {
            case Q4_0 -> Optional.of(Q4Blocks::q4v0);
            case Q4_1 -> Optional.of(Q4Blocks::q4v1);
            case Q4_K -> Optional.of(Q4Blocks::q4k);
            case F32, F16, BF16, Q5_0, Q5_1, Q8_0, Q5_K, Q6_K -> Optional.empty();
        };
    }

    /**
     * Decodes whole blocks to floats.
     *
     * @param blocks the encoded elements, from its position to its limit; left as it was
     * @param out where the floats go
     * @param outAt index of the first one
     */
    public void dequantise(ByteBuffer blocks, float[] out, int outAt) {
        int bytes = blocks.remaining();
        if (bytes % blockBytes != 0) {
            throw new IllegalArgumentException(bytes + " bytes are not whole blocks of " + this);
        }
        int chunkBlocks = CHUNK / blockBytes;
        var chunk = new byte[Math.min(bytes, chunkBlocks * blockBytes)];
        int target = outAt;
        for (int done = 0; done < bytes; done += chunk.length) {
            int length = Math.min(chunk.length, bytes - done);
            blocks.get(blocks.position() + done, chunk, 0, length);
            decoder.decode(chunk, 0, length / blockBytes, out, target);
            target += length / blockBytes * blockSize;
        }
    }
}
