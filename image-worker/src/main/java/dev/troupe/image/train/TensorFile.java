package dev.troupe.image.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.troupe.image.model.Learner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes weights in half precision, in the safetensors format. */
final class TensorFile {
    private static final int ALIGNMENT = 8;

    private TensorFile() {}

    static void write(Path file, Map<String, Learner.Tensor> tensors) throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Map.of("format", "pt"));
        int end = 0;
        for (Map.Entry<String, Learner.Tensor> tensor : tensors.entrySet()) {
            int begin = end;
            end += tensor.getValue().values().length * Short.BYTES;
            header.put(
                    tensor.getKey(),
                    Map.of("dtype", "F16", "shape", tensor.getValue().shape(), "data_offsets", new int[] {begin, end}));
        }
        byte[] json = new JsonMapper().writeValueAsBytes(header);
        int padded = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        var bytes = ByteBuffer.allocate(Long.BYTES + padded + end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(json);
        while (bytes.position() < Long.BYTES + padded) {
            bytes.put((byte) ' ');
        }
        for (Learner.Tensor tensor : tensors.values()) {
            for (float value : tensor.values()) {
                bytes.putShort(half(value));
            }
        }
        replace(file, bytes.array());
    }

    /** Writes a file so that there is always the old one or the new one. */
    static void replace(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.write(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** To the nearest number of half precision, the even one at ties (IEEE 754-2008, binary16). */
    static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7E00);
        }
        if (magnitude >= 65520f) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        int rest = bits & 0x7FFFFFFF;
        // The exponent's bias falls from 127 to 15; thirteen bits of the fraction go.
        int rounded = rest + 0xFFF + ((rest >>> 13) & 1);
        return (short) (sign | ((rounded - (112 << 23)) >>> 13));
    }
}
