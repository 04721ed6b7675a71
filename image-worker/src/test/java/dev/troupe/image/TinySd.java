package dev.troupe.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.device.DeviceConfig;
import dev.troupe.device.KernelPolicy;
import dev.troupe.device.TorchDevice;
import dev.troupe.image.model.Adapter;
import dev.troupe.image.model.DiffusionModel;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.weights.SafetensorsFile;
import dev.troupe.models.weights.SafetensorsTensor;
import dev.troupe.models.weights.SafetensorsWriter;
import dev.troupe.models.weights.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The tiny Stable Diffusion with random weights, what diffusers made of it, and copies of it that differ in something. */
public final class TinySd {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public static final int SIDE = 16;
    public static final String UNET = "unet/diffusion_pytorch_model.safetensors";
    public static final String VAE = "vae/diffusion_pytorch_model.safetensors";
    public static final String TEXT = "text_encoder/model.safetensors";

    private TinySd() {}

    public static Path directory() {
        try {
            return Path.of(TinySd.class.getResource("/goldens/tiny-sd").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One thread, because two wait for each other dearly where other work shares the cores. */
    public static TorchDevice cpu() {
        return TorchDevice.start(
                new DeviceConfig("cpu", 1, HubConfig.fromEnvironment().data().resolve("native")));
    }

    public static DiffusionModel load() {
        return load(directory());
    }

    /** In float32 whatever the processor could do faster, and packed where it is served so. */
    public static DiffusionModel load(Path directory, Adapter... adapters) {
        try {
            var policy = new KernelPolicy(false, KernelPolicy.isX86(), false, 0, 0);
            return DiffusionModel.load(directory, List.of(adapters), cpu(), policy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy to change. */
    public static Path copy(Path to) throws IOException {
        Path from = directory();
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().startsWith("golden")) {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    /** Changes a JSON file in place. */
    public static void edit(Path file, Consumer<ObjectNode> change) throws IOException {
        var node = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(node);
        MAPPER.writeValue(file.toFile(), node);
    }

    /** The same tensors, each put into a new file as {@code put} wants it. */
    public static void rewrite(Path file, BiFunction<SafetensorsWriter, Tensor, SafetensorsWriter> put)
            throws IOException {
        var writer = new SafetensorsWriter();
        try (var open = SafetensorsFile.open(file)) {
            for (var tensor : open.tensors().values()) {
                writer = put.apply(writer, new Tensor(tensor, open.weight(tensor.name())));
            }
        }
        Files.write(file, writer.toBytes());
    }

    /** A tensor of a file that is being rewritten. */
    public static final class Tensor {
        private final SafetensorsTensor entry;
        private final Weight weight;

        private Tensor(SafetensorsTensor entry, Weight weight) {
            this.entry = entry;
            this.weight = weight;
        }

        public String name() {
            return entry.name();
        }

        public long[] shape() {
            return entry.shape().stream().mapToLong(Long::longValue).toArray();
        }

        public float[] values() {
            return weight.values();
        }

        public SafetensorsWriter into(SafetensorsWriter writer) {
            return as(writer, name(), shape());
        }

        public SafetensorsWriter as(SafetensorsWriter writer, String otherName, long... otherShape) {
            return writer.tensor(otherName, "F32", bytes(values()), otherShape);
        }
    }

    public static byte[] bytes(float... values) {
        var buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    public static JsonNode golden() {
        try {
            return MAPPER.readTree(directory().resolve("golden.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A tensor of the goldens. */
    public static float[] golden(String name) {
        try (var file = SafetensorsFile.open(directory().resolve("golden.safetensors"))) {
            return file.weight(name).values();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The largest difference of two arrays; infinite where one has something that is not a number. */
    public static double distance(float[] one, float[] other) {
        if (one.length != other.length) {
            throw new AssertionError(one.length + " values and " + other.length);
        }
        double most = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = Math.abs((double) one[i] - other[i]);
            most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(most, difference);
        }
        return most;
    }

    /** A picture of soft colours, the same each time. */
    public static Picture picture() {
        var values = new float[3 * SIDE * SIDE];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.5 + 0.4 * Math.sin(i * 0.37) * Math.cos(i * 0.011));
        }
        return new Picture(3, SIDE, SIDE, values);
    }
}
