package dev.troupe.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelWeightsTest {
    @TempDir
    Path directory;

    private ModelWeights open(TinyModel model) throws IOException {
        return ModelWeights.open(model.write(directory.resolve("m.gguf")));
    }

    private ModelWeights openHuggingFace(TinyModel model, int shards) throws IOException {
        return ModelWeights.open(model.writeHuggingFace(directory.resolve("hf"), shards));
    }

    private static void holds(ModelWeights weights, TinyModel model) {
        Map<String, float[]> expected = model.weights();
        assertThat(weights.names()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((name, values) ->
                assertThat(weights.get(name).values()).as(name).containsExactly(values, within(1e-6f)));
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryArchitectureFromGguf(Architecture architecture) throws IOException {
        TinyModel model = TinyModel.of(architecture).untied();
        try (ModelWeights weights = open(model)) {
            assertThat(weights.config()).isEqualTo(model.config());
            holds(weights, model);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsEveryArchitectureFromADirectory(Architecture architecture) throws IOException {
        TinyModel model = TinyModel.of(architecture);
        try (ModelWeights weights = openHuggingFace(model, 1)) {
            assertThat(weights.config()).isEqualTo(model.config());
            holds(weights, model);
        }
    }

    @Test
    void readsShards() throws IOException {
        TinyModel model = TinyModel.of(Architecture.LLAMA).untied();
        try (ModelWeights weights = openHuggingFace(model, 3)) {
            holds(weights, model);
        }
    }

    @Test
    void takesRowsOutOfInterleavedOrder() throws IOException {
        TinyModel model = TinyModel.of(Architecture.LLAMA);
        try (ModelWeights weights = open(model)) {
            float[] all = model.weights().get("blk.1.attn_k.weight");
            float[] some = weights.get("blk.1.attn_k.weight").rows(17, 40);
            for (int i = 0; i < some.length; i++) {
                assertThat(some[i]).isEqualTo(all[17 * TinyModel.HIDDEN + i]);
            }
        }
    }

    @Test
    void givesFourBitCodesInTheOrderOfTheRows() throws IOException {
        TinyModel model = TinyModel.quantised();
        try (ModelWeights weights = open(model)) {
            assertThat(weights.get("token_embd.weight").isQ4()).isFalse();
            for (String name : new String[] {"blk.0.attn_q.weight", "blk.0.attn_v.weight", "blk.1.ffn_down.weight"}) {
                float[] original = model.weights().get(name);
                Q4Matrix q4 = weights.get(name).q4().orElseThrow();
                for (int i = 0; i < original.length; i++) {
                    int group = i / Q4Matrix.GROUP;
                    float value = (q4.codes()[i] - 8) * q4.scales()[group] + q4.zeros()[group];
                    assertThat(value).isCloseTo(original[i], within(0.6f * q4.scales()[group]));
                }
            }
        }
    }

    @Test
    void readsRopeScaling() throws IOException {
        var llama3 = new RopeScaling.Llama3(8, 1, 4, 64);
        TinyModel model = TinyModel.of(Architecture.LLAMA).scaled(llama3);
        float[] expected = new Rope(TinyModel.HEAD_DIM, TinyModel.THETA, llama3).inverseFrequencies();
        try (ModelWeights gguf = open(model);
                ModelWeights huggingFace = openHuggingFace(model, 1)) {
            assertThat(huggingFace.config().rope().scaling()).isEqualTo(llama3);
            assertThat(huggingFace.config().rope().inverseFrequencies()).containsExactly(expected);
            assertThat(gguf.config().rope().inverseFrequencies()).containsExactly(expected, within(1e-7f));
        }
        TinyModel linear = TinyModel.of(Architecture.GEMMA3).scaled(new RopeScaling.Linear(8));
        try (ModelWeights gguf = open(linear);
                ModelWeights huggingFace = openHuggingFace(linear, 1)) {
            assertThat(gguf.config()).isEqualTo(linear.config());
            assertThat(huggingFace.config()).isEqualTo(linear.config());
            assertThat(gguf.config().rope(0).scaling()).isEqualTo(new RopeScaling.None());
            assertThat(gguf.config().rope(1).scaling()).isEqualTo(new RopeScaling.Linear(8));
        }
    }

    @Test
    void fingerprintFollowsTheContentAndNotTheName() throws IOException {
        TinyModel model = TinyModel.quantised();
        Path other = Files.createDirectories(directory.resolve("elsewhere")).resolve("another-name.bin");
        try (ModelWeights one = open(model);
                ModelWeights same = ModelWeights.open(model.write(other))) {
            assertThat(one.fingerprint()).matches("[0-9a-f]{32}").isEqualTo(same.fingerprint());
        }
        String first;
        try (ModelWeights one = open(model)) {
            first = one.fingerprint();
        }
        try (ModelWeights one = open(model.seeded(2))) {
            assertThat(one.fingerprint()).isNotEqualTo(first);
        }
        try (ModelWeights one = open(model.scaled(new RopeScaling.Linear(2)))) {
            assertThat(one.fingerprint()).isNotEqualTo(first);
        }
    }

    @Test
    void refusesToReadOnceClosed() throws IOException {
        ModelWeights weights = open(TinyModel.quantised());
        Weight weight = weights.get("output_norm.weight");
        weights.close();
        assertThatThrownBy(weight::values)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void namesWhatIsMissingMisshapenOrLeftOver() throws IOException {
        byte[] llama = TinyModel.of(Architecture.LLAMA).gguf().toBytes();
        refused(renamed(llama, "ffn_gate", "ffn_gatt"), "'blk.0.ffn_gate.weight' is missing");
        refused(renamed(llama, "blk.1.ffn_gate", "blk.7.ffn_gate"), "'blk.1.ffn_gate.weight' is missing");
        refused(with(llama, "feed_forward_length", 256), "'blk.0.ffn_gate.weight' is [128, 64] where");
        refused(with(llama, "head_count_kv", 4), "'blk.0.attn_k.weight' is [64, 64] where");
        refused(with(llama, "block_count", 1), "'blk.1.attn_norm.weight' has no place in a LLAMA model");
        refused(renamed(llama, "llama.block_count", "llama.block_kount"), "'llama.block_count' is missing");
    }

    @Test
    void refusesImpossibleConfigurations() throws IOException {
        byte[] llama = TinyModel.of(Architecture.LLAMA).gguf().toBytes();
        for (int absurd : new int[] {0, -1, Integer.MAX_VALUE}) {
            refused(with(llama, "block_count", absurd), "");
            refused(with(llama, "attention.head_count", absurd), "");
            refused(with(llama, "embedding_length", absurd), "");
            refused(with(llama, "feed_forward_length", absurd), "");
            refused(with(llama, "key_length", absurd), "");
            refused(with(llama, "head_count_kv", absurd), "");
        }
        refused(with(llama, "head_count_kv", 3), "4 heads cannot share 3 key-value heads");
        refused(with(llama, "rope.dimension_count", 16), "rope turns 16 of 32 elements");
        refused(with(llama, "value_length", 16), "different length");
        refused(with(llama, "freq_base", Float.floatToIntBits(Float.NaN)), "the rope base is NaN");
        refused(with(llama, "rms_epsilon", 0), "the RMS epsilon is 0.0");
        refused(
                new GgufWriter().put("general.architecture", "mamba").toBytes(),
                "architecture 'mamba' is not supported; choose a model of one of these: llama, qwen2, qwen3, gemma3");
        refused(new GgufWriter().toBytes(), "'general.architecture' is missing");
    }

    @Test
    void givesAModelOrAClearRefusalWhateverByteOfTheHeadIsFlipped() throws IOException {
        byte[] whole = TinyModel.quantised().gguf().toBytes();
        var random = new Random(11);
        int refusals = 0;
        for (int round = 0; round < 600; round++) {
            byte[] bytes = whole.clone();
            int at = random.nextInt(1500);
            bytes[at] = (byte) (bytes[at] ^ 1 << random.nextInt(8));
            try (ModelWeights weights = ModelWeights.open(Files.write(directory.resolve("flipped.gguf"), bytes))) {
                weights.names().forEach(name -> weights.get(name).values());
            } catch (ModelFormatException expected) {
                refusals++;
            }
        }
        assertThat(refusals).isBetween(60, 599);
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        assertThatThrownBy(() -> ModelWeights.open(directory.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    private void refused(byte[] bytes, String problem) throws IOException {
        Path path = directory.resolve("changed.gguf");
        Files.write(path, bytes);
        assertThatThrownBy(() -> ModelWeights.open(path))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("changed.gguf")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("\n");
    }

    /** The file with another name of the same length in all places. */
    private static byte[] renamed(byte[] file, String from, String to) {
        String latin = new String(file, StandardCharsets.ISO_8859_1);
        return latin.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The file with another 32-bit value for the key that ends so. */
    private static byte[] with(byte[] file, String key, int value) {
        byte[] changed = file.clone();
        int valueAt = new String(file, StandardCharsets.ISO_8859_1).indexOf(key) + key.length() + Integer.BYTES;
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(valueAt, value);
        return changed;
    }
}
