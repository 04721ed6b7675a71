package dev.troupe.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A safetensors file, mapped and not copied. The format is described in the README of huggingface/safetensors: the length
 * of a JSON header in 8 bytes, the header, and the bytes of the tensors. Like {@link GgufFile} it is taken to be hostile.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** The limit of the reference implementation. */
    private static final long MAX_HEADER = 100_000_000;

    private static final long MAX_ELEMENTS = 1L << 48;

    private final MappedFile file;
    private final Map<String, SafetensorsTensor> tensors;

    private SafetensorsFile(MappedFile file, Map<String, SafetensorsTensor> tensors) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps a file and reads its header.
     *
     * @throws IOException if it cannot be read
     * @throws ModelFormatException if it is not a safetensors file or is damaged
     */
    public static SafetensorsFile open(Path path) throws IOException {
        MappedFile file = MappedFile.open(path);
        long length = file.size() < Long.BYTES ? -1 : file.slice(0, Long.BYTES).getLong();
        if (length < 2 || length > Math.min(MAX_HEADER, file.size() - Long.BYTES)) {
            throw damaged(path, "its header does not fit the file");
        }
        var bytes = new byte[(int) length];
        file.slice(Long.BYTES, length).get(bytes);
        JsonNode header = Json.parse(path, bytes).node();
        return new SafetensorsFile(file, tensors(file, header, Long.BYTES + length));
    }

    private static Map<String, SafetensorsTensor> tensors(MappedFile file, JsonNode header, long dataStart) {
        Map<String, SafetensorsTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (!field.getKey().equals("__metadata__")) {
                tensors.put(field.getKey(), tensor(file, field.getKey(), field.getValue(), dataStart));
            }
        }
        List<SafetensorsTensor> sorted = new ArrayList<>(tensors.values());
        sorted.sort(Comparator.comparingLong(SafetensorsTensor::offset).thenComparingLong(SafetensorsTensor::bytes));
        for (int i = 1; i < sorted.size(); i++) {
            SafetensorsTensor before = sorted.get(i - 1);
            if (before.offset() + before.bytes() > sorted.get(i).offset()) {
                throw damaged(
                        file.path(),
                        "tensors '" + before.name() + "' and '" + sorted.get(i).name() + "' overlap");
            }
        }
        return tensors;
    }

    private static SafetensorsTensor tensor(MappedFile file, String name, JsonNode entry, long dataStart) {
        JsonNode offsets = entry.path("data_offsets");
        JsonNode dtype = entry.path("dtype");
        if (!dtype.isTextual() || !entry.path("shape").isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw damaged(file.path(), "tensor '" + name + "' lacks dtype, shape or data_offsets");
        }
        List<Long> shape = new ArrayList<>();
        long elements = 1;
        for (JsonNode dim : entry.path("shape")) {
            long size = natural(file, name, dim);
            if (size > 0 && elements > MAX_ELEMENTS / size) {
                throw damaged(file.path(), "tensor '" + name + "' has a dimension of " + size);
            }
            shape.add(size);
            elements *= size;
        }
        long begin = natural(file, name, offsets.get(0));
        long end = natural(file, name, offsets.get(1));
        if (end < begin || end > file.size() - dataStart) {
            throw damaged(file.path(), "tensor '" + name + "' lies outside the file");
        }
        long expected = elements;
        type(dtype.textValue()).ifPresent(type -> {
            if (type.bytes(expected) != end - begin) {
                throw damaged(file.path(), "tensor '" + name + "' has not the bytes that its shape needs");
            }
        });
        return new SafetensorsTensor(name, dtype.textValue(), shape, dataStart + begin, end - begin);
    }

    private static long natural(MappedFile file, String name, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw damaged(file.path(), "tensor '" + name + "' has a size or offset that is not a natural number");
        }
        return node.longValue();
    }

    private static Optional<GgmlType> type(String dtype) {
        return switch (dtype) {
            case "F32" -> Optional.of(GgmlType.F32);
            case "F16" -> Optional.of(GgmlType.F16);
            case "BF16" -> Optional.of(GgmlType.BF16);
            default -> Optional.empty();
        };
    }

    /** By name, in the order of the header. */
    public Map<String, SafetensorsTensor> tensors() {
        return tensors;
    }

    /**
     * A tensor to read floats from; all axes but the first become columns.
     *
     * @throws ModelFormatException if it is not there, or its type is not F32, F16 or BF16
     */
    public Weight weight(String name) {
        SafetensorsTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw damaged(file.path(), "tensor '" + name + "' is missing");
        }
        GgmlType type = type(tensor.dtype())
                .orElseThrow(() -> new ModelFormatException(file.path() + ": tensor '" + name + "' is stored as "
                        + tensor.dtype() + "; use a file whose tensors are F32, F16 or BF16"));
        try {
            return Weight.of(file, name, type, tensor.shape(), tensor.offset());
        } catch (IllegalArgumentException e) {
            throw damaged(file.path(), e.getMessage());
        }
    }

    @Override
    public void close() {
        file.close();
    }

    MappedFile file() {
        return file;
    }

    private static ModelFormatException damaged(Path path, String problem) {
        return new ModelFormatException(path + ": damaged safetensors file: " + problem + "; fetch the file again");
    }
}
