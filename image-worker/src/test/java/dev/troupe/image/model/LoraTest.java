package dev.troupe.image.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.image.LatentSize;
import dev.troupe.image.TextEmbedding;
import dev.troupe.image.TinySd;
import dev.troupe.image.schedule.Noise;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.SafetensorsFile;
import dev.troupe.models.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraTest {
    private static final LatentSize SIZE = new LatentSize(4, 8, 8);
    private static final String QUERY = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"; // [32, 32]
    private static final String OUT = "up_blocks.1.attentions.1.transformer_blocks.0.attn2.to_out.0"; // [32, 32]
    private static final String CONV = "mid_block.resnets.0.conv1"; // [64, 64, 3, 3]
    private static final String TEXT = "encoder.layers.1.self_attn.v_proj"; // [32, 32]
    private static final int RANK = 2;

    @TempDir
    Path folder;

    private static float[] some(int seed, int count) {
        float[] values = Noise.unit(seed, 0, count);
        for (int i = 0; i < count; i++) {
            values[i] *= 0.3f;
        }
        return values;
    }

    /** How the layouts name the two matrices of a module. */
    private record Layout(String unet, String text, String down, String up, boolean underscores) {
        String name(String module, boolean ofText, String which) {
            String inner = ofText ? "text_model." + module : module;
            return (ofText ? text : unet) + (underscores ? inner.replace('.', '_') : inner) + which;
        }
    }

    private static Layout layout(String name) {
        return switch (name) {
            case "kohya" -> new Layout("lora_unet_", "lora_te_", ".lora_down.weight", ".lora_up.weight", true);
            case "peft" -> new Layout("unet.", "text_encoder.", ".lora_A.weight", ".lora_B.weight", false);
            case "diffusers" -> new Layout("unet.", "text_encoder.", ".lora.down.weight", ".lora.up.weight", false);
            case "linear" ->
                new Layout(
                        "unet.",
                        "text_encoder.",
                        ".lora_linear_layer.down.weight",
                        ".lora_linear_layer.up.weight",
                        false);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private Path adapter(Layout layout, String alphaName, float alpha) throws IOException {
        var writer = new SafetensorsWriter();
        put(writer, layout, QUERY, false, 1, 32, 32);
        put(writer, layout, OUT, false, 2, 32, 32);
        put(writer, layout, CONV, false, 3, 64, 64, 3, 3);
        put(writer, layout, TEXT, true, 4, 32, 32);
        if (!alphaName.isEmpty()) {
            writer.tensor(alphaName, "F32", TinySd.bytes(alpha));
        }
        return Files.write(folder.resolve("adapter.safetensors"), writer.toBytes());
    }

    private static void put(
            SafetensorsWriter writer, Layout layout, String module, boolean text, int seed, long... shape) {
        int cols = (int) Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        long[] down = shape.clone();
        down[0] = RANK;
        long[] up = new long[shape.length];
        Arrays.fill(up, 1);
        up[0] = shape[0];
        up[1] = RANK;
        writer.tensor(layout.name(module, text, layout.down()), "F32", TinySd.bytes(some(seed, RANK * cols)), down);
        writer.tensor(
                layout.name(module, text, layout.up()),
                "F32",
                TinySd.bytes(some(seed + 10, (int) shape[0] * RANK)),
                up);
    }

    /** The model with the adapter's matrices added to its files by plain arithmetic. */
    private Path merged(double strength, double queryAlpha) throws IOException {
        Path copy = TinySd.copy(folder.resolve("merged" + strength + queryAlpha));
        for (String file : List.of(TinySd.UNET, TinySd.TEXT)) {
            TinySd.rewrite(copy.resolve(file), (writer, tensor) -> {
                int seed = List.of("", QUERY, OUT, CONV, TEXT)
                        .indexOf(tensor.name().replace(".weight", ""));
                if (seed < 1) {
                    return tensor.into(writer);
                }
                double factor = strength * (tensor.name().startsWith(QUERY) ? queryAlpha / RANK : 1);
                float[] values = tensor.values();
                int rows = (int) tensor.shape()[0];
                int cols = values.length / rows;
                float[] a = some(seed, RANK * cols);
                float[] b = some(seed + 10, rows * RANK);
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < cols; j++) {
                        double sum = 0;
                        for (int r = 0; r < RANK; r++) {
                            sum += b[i * RANK + r] * a[r * cols + j];
                        }
                        values[i * cols + j] += (float) (factor * sum);
                    }
                }
                return writer.tensor(tensor.name(), "F32", TinySd.bytes(values), tensor.shape());
            });
        }
        return copy;
    }

    private static float[] text(DiffusionModel model) {
        TextEmbedding text = model.encodeText("a red apple");
        var values = new float[text.length()];
        text.copyTo(values, 0);
        return values;
    }

    private static float[] answer(DiffusionModel model) {
        return model.predict(
                SIZE, Noise.unit(5, 0, SIZE.count()), new float[] {300}, List.of(model.encodeText("a red apple")));
    }

    private static void assertSame(Path expected, Path model, Adapter... adapters) {
        try (DiffusionModel one = TinySd.load(expected);
                DiffusionModel other = TinySd.load(model, adapters)) {
            assertThat(TinySd.distance(text(one), text(other))).isLessThan(1e-5);
            assertThat(TinySd.distance(answer(one), answer(other))).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kohya", "peft", "diffusers", "linear"})
    void mergedAdapterAddsItsProductAtItsStrength(String layout) throws IOException {
        Path adapter = adapter(layout(layout), "", 0);
        assertSame(merged(0.7, RANK), TinySd.directory(), new Adapter(adapter, 0.7));
    }

    @Test
    void alphaIsDividedByTheRank() throws IOException {
        Path adapter = adapter(layout("kohya"), "lora_unet_" + QUERY.replace('.', '_') + ".alpha", 5);
        assertSame(merged(1, 5), TinySd.directory(), new Adapter(adapter, 1));
    }

    @Test
    void strengthOfNothingIsTheModelItself() throws IOException {
        assertSame(TinySd.directory(), TinySd.directory(), new Adapter(adapter(layout("peft"), "", 0), 0));
    }

    @Test
    void adapterChangesTextAndPicture() throws IOException {
        try (DiffusionModel plain = TinySd.load();
                DiffusionModel adapted =
                        TinySd.load(TinySd.directory(), new Adapter(adapter(layout("kohya"), "", 0), 1))) {
            assertThat(TinySd.distance(text(plain), text(adapted))).isGreaterThan(1e-3);
            assertThat(TinySd.distance(answer(plain), answer(adapted))).isGreaterThan(1e-3);
        }
    }

    @Test
    void twoAdaptersAddUp() throws IOException {
        Path adapter = adapter(layout("peft"), "", 0);
        assertSame(merged(0.75, RANK), TinySd.directory(), new Adapter(adapter, 1), new Adapter(adapter, -0.25));
    }

    @Test
    void attentionProcessorsOfTheOldLayoutAreFound() throws IOException {
        var writer = new SafetensorsWriter();
        String block = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.";
        for (String part : List.of("to_q", "to_out")) {
            writer.tensor(block + part + "_lora.down.weight", "F32", TinySd.bytes(some(1, 64)), 1, 64);
            writer.tensor(block + part + "_lora.up.weight", "F32", TinySd.bytes(some(2, 64)), 64, 1);
        }
        Path file = Files.write(folder.resolve("old.safetensors"), writer.toBytes());
        LoraAdapter adapter = LoraAdapter.read(file, 1);
        String module = "mid_block.attentions.0.transformer_blocks.0.attn1.";
        assertThat(adapter.find(LoraAdapter.Target.UNET, module + "to_q", 64, 64))
                .isPresent();
        assertThatThrownBy(adapter::requireAllUsed).hasMessageContaining("attn1_to_out");
        assertThat(adapter.find(LoraAdapter.Target.UNET, module + "to_out.0", 64, 64))
                .isPresent();
        adapter.requireAllUsed();
    }

    private void assertRefused(SafetensorsWriter writer, String problem) throws IOException {
        Path file = Files.write(folder.resolve("bad.safetensors"), writer.toBytes());
        assertThatThrownBy(() -> TinySd.load(TinySd.directory(), new Adapter(file, 1)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(problem);
    }

    private static SafetensorsWriter pair(String base, int rows, int rank, int cols, int upRank) {
        return new SafetensorsWriter()
                .tensor(base + ".lora_down.weight", "F32", new byte[4 * rank * cols], rank, cols)
                .tensor(base + ".lora_up.weight", "F32", new byte[4 * rows * upRank], rows, upRank);
    }

    @Test
    void adaptersThatDoNotFitAreRefusedByName() throws IOException {
        String base = "lora_unet_" + QUERY.replace('.', '_');
        assertRefused(pair(base, 32, 2, 64, 2), "is [32, 64] where the model has [32, 32]");
        assertRefused(pair(base, 32, 2, 32, 3), "do not fit each other");
        assertRefused(pair("lora_unet_input_blocks_1_1_proj_in", 32, 2, 32, 2), "no place for 1 matrices");
        assertRefused(pair("lora_te2_encoder", 32, 2, 32, 2), "belongs neither");
        assertRefused(pair("transformer_blocks_0", 32, 2, 32, 2), "belongs neither to a U-Net nor to a text encoder");
        assertRefused(pair(base, 32, 0, 32, 0), "do not fit each other");
        assertRefused(new SafetensorsWriter(), "holds no adapter");
        assertRefused(
                new SafetensorsWriter().tensor(base + ".lora_down.weight", "F32", new byte[256], 2, 32),
                "only one of its two");
        assertRefused(new SafetensorsWriter().tensor(base + ".hada_w1_a", "F32", new byte[256], 2, 32), "LoHa");
        assertRefused(pair(base, 32, 2, 32, 2).tensor(base + ".alpha", "F32", TinySd.bytes(Float.NaN)), "alpha of");
        Path nothing = folder.resolve("nothing.safetensors");
        assertThatThrownBy(() -> TinySd.load(TinySd.directory(), new Adapter(nothing, 1)))
                .hasMessageContaining("there is no such adapter");
        assertThatThrownBy(() -> new Adapter(nothing, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What is added is the product and nothing else, whatever was there. */
    @Test
    void deltaIsTheProductTimesTheFactor() {
        float[] b = some(1, 3 * RANK);
        float[] a = some(2, RANK * 5);
        float[] matrix = some(3, 15);
        float[] before = matrix.clone();
        new LowRank(b, a, RANK, 0.5).addTo(matrix);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 5; j++) {
                float expected = 0.5f * (b[i * RANK] * a[j] + b[i * RANK + 1] * a[5 + j]);
                assertThat(matrix[i * 5 + j] - before[i * 5 + j]).isCloseTo(expected, within(1e-6f));
            }
        }
    }

    @Test
    void goldensFileIsNoAdapter() throws IOException {
        Path file = TinySd.directory().resolve("golden.safetensors");
        try (var open = SafetensorsFile.open(file)) {
            assertThat(open.tensors()).isNotEmpty();
        }
        assertThatThrownBy(() -> LoraAdapter.read(file, 1)).hasMessageContaining("is no part of a LoRA");
    }
}
