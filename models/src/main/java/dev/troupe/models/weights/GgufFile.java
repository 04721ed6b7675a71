package dev.troupe.models.weights;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A GGUF file, versions 2 and 3, mapped and not copied: its metadata, its table of tensors, and their bytes.
 *
 * <p>The format is described in {@code docs/gguf.md} of ggml. A file is taken to be hostile: every count and length is
 * compared with what the file holds before it is believed, so that a damaged one costs one {@link ModelFormatException}.
 */
public final class GgufFile implements AutoCloseable {
    private static final int MAGIC = 0x46554747; // "GGUF" read as a little-endian int
    private static final long MAX_HEAD = 1L << 28;
    private static final int MAX_TENSORS = 1 << 16;
    private static final int LEAST_TENSOR_BYTES = 24;
    private static final int MAX_DIMS = 4;
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final long MAX_ALIGNMENT = 1L << 20;

    private final MappedFile file;
    private final GgufMetadata metadata;
    private final Map<String, GgufTensor> tensors;

    private GgufFile(MappedFile file, GgufMetadata metadata, Map<String, GgufTensor> tensors) {
        this.file = file;
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps a file and reads its head.
     *
     * @throws IOException if it cannot be read
     * @throws ModelFormatException if it is not a GGUF file, is damaged, or holds tensor types that are not supported
     */
    public static GgufFile open(Path path) throws IOException {
        MappedFile file = MappedFile.open(path);
        ByteBuffer head = file.slice(0, Math.min(file.size(), MAX_HEAD));
        var cursor = new GgufCursor(path, head);
        readVersion(path, cursor);
        int tensorCount = cursor.count("the number of tensors", MAX_TENSORS, LEAST_TENSOR_BYTES);
        int keyCount = GgufMetadata.readCount(cursor);
        GgufMetadata metadata = GgufMetadata.read(path, head, cursor, keyCount);
        return new GgufFile(file, metadata, readTensors(file, cursor, metadata, tensorCount));
    }

    private static void readVersion(Path path, GgufCursor cursor) {
        if (cursor.u32("the magic number") != MAGIC) {
            throw new ModelFormatException(
                    path + ": not a GGUF file; give a .gguf file or a directory in Hugging Face layout");
        }
        int version = cursor.u32("the version");
        if (version != 2 && version != 3) {
            String kind = (version & 0xffff) == 0 ? "big-endian" : "of version " + Integer.toUnsignedString(version);
            throw new ModelFormatException(
                    path + ": the GGUF file is " + kind + "; use a little-endian file of version 2 or 3");
        }
    }

    private static Map<String, GgufTensor> readTensors(
            MappedFile file, GgufCursor cursor, GgufMetadata metadata, int count) {
        long alignment = metadata.integer("general.alignment").orElse(DEFAULT_ALIGNMENT);
        if (alignment < 1 || alignment > MAX_ALIGNMENT) {
            throw cursor.corrupt("general.alignment is " + alignment);
        }
        List<GgufTensor> relative = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            relative.add(readTensor(cursor, alignment));
        }
        long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
        Map<String, GgufTensor> tensors = new LinkedHashMap<>();
        for (GgufTensor t : relative) {
            if (dataStart + t.offset() + t.bytes() > file.size()) {
                throw cursor.corrupt("tensor '" + t.name() + "' reaches beyond the end of the file");
            }
            var tensor = new GgufTensor(t.name(), t.type(), t.dims(), dataStart + t.offset(), t.bytes());
            if (tensors.put(t.name(), tensor) != null) {
                throw cursor.corrupt("tensor '" + t.name() + "' occurs twice");
            }
        }
        refuseOverlaps(cursor, tensors);
        return tensors;
    }

    /** One line of the table; its offset still counts from the beginning of the data. */
    private static GgufTensor readTensor(GgufCursor cursor, long alignment) {
        String name = cursor.string("the name of a tensor");
        String what = "tensor '" + name + "'";
        int axes = cursor.u32(what);
        if (axes < 1 || axes > MAX_DIMS) {
            throw cursor.corrupt(what + " has " + Integer.toUnsignedString(axes) + " dimensions");
        }
        List<Long> dims = new ArrayList<>(axes);
        long elements = 1;
        for (int i = 0; i < axes; i++) {
            long dim = cursor.u64("a dimension of " + what);
            // The product stays under 2^48, so that no size in bytes can overflow.
            if (dim < 1 || dim > (1L << 48) / elements) {
                throw cursor.corrupt(what + " has a dimension of " + dim);
            }
            dims.add(dim);
            elements *= dim;
        }
        int typeId = cursor.u32("the type of " + what);
        GgmlType type = GgmlType.of(typeId)
                .orElseThrow(() -> cursor.unsupported(what + " is stored as ggml type "
                        + Integer.toUnsignedString(typeId) + "; use a file whose tensors are " + GgmlType.names()));
        if (dims.get(0) % type.blockSize() != 0) {
            throw cursor.corrupt(what + " has rows of " + dims.get(0) + " elements, not whole blocks of " + type);
        }
        long offset = cursor.u64("the offset of " + what);
        if (offset % alignment != 0 || offset > 1L << 48) {
            throw cursor.corrupt(what + " has offset " + offset);
        }
        return new GgufTensor(name, type, dims, offset, type.bytes(elements));
    }

    private static void refuseOverlaps(GgufCursor cursor, Map<String, GgufTensor> tensors) {
        List<GgufTensor> sorted = new ArrayList<>(tensors.values());
        sorted.sort(Comparator.comparingLong(GgufTensor::offset));
        for (int i = 1; i < sorted.size(); i++) {
            GgufTensor before = sorted.get(i - 1);
            if (before.offset() + before.bytes() > sorted.get(i).offset()) {
                throw cursor.corrupt(
                        "tensors '" + before.name() + "' and '" + sorted.get(i).name() + "' overlap");
            }
        }
    }

    public GgufMetadata metadata() {
        return metadata;
    }

    /** By name, in the order of the file. */
    public Map<String, GgufTensor> tensors() {
        return tensors;
    }

    /** Forgets the map; metadata stays readable. */
    @Override
    public void close() {
        file.close();
    }

    MappedFile file() {
        return file;
    }
}
