package dev.troupe.models.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes small safetensors files for tests. */
public final class SafetensorsWriter {
    private final Map<String, Object> header = new LinkedHashMap<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    public SafetensorsWriter() {
        header.put("__metadata__", Map.of("format", "pt"));
    }

    /** Adds a tensor whose bytes are given as the file has them. */
    public SafetensorsWriter tensor(String name, String dtype, byte[] bytes, long... shape) {
        List<Integer> offsets = List.of(data.size(), data.size() + bytes.length);
        header.put(name, Map.of("dtype", dtype, "shape", shape, "data_offsets", offsets));
        data.writeBytes(bytes);
        return this;
    }

    public byte[] toBytes() {
        return toBytes(TinyHuggingFace.json(header), data.toByteArray());
    }

    static byte[] toBytes(String header, byte[] data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }
}
