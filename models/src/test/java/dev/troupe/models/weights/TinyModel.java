package dev.troupe.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A whole model of two layers with random weights and a real tokenizer, small enough to be written in a test: as a GGUF
 * file or as a directory in Hugging Face layout, both with the same weights as long as they are F32.
 *
 * <p>Its embeddings are small beside what the layers add, so that greedy text does not echo its last token.
 *
 * @param matrices how the GGUF file stores the matrices of the layers
 * @param embedding how the GGUF file stores the embedding and the head
 * @param scaling of the (global) rope
 * @param window of local layers, for Gemma 3 only, whose first layer here is local and whose second is global
 */
public record TinyModel(
        Architecture architecture,
        long seed,
        GgmlType matrices,
        GgmlType embedding,
        boolean tied,
        RopeScaling scaling,
        int window) {
    public static final int LAYERS = 2;
    public static final int HIDDEN = 64;
    public static final int HEADS = 4;
    public static final int KV_HEADS = 2;
    public static final int HEAD_DIM = 32;
    public static final int FFN = 128;
    public static final int CONTEXT = 512;
    public static final int PATTERN = 2;
    static final double THETA = 10_000;
    static final double LOCAL_THETA = 1_000;
    static final float RMS_EPS = 1e-5f;

    /** A model in F32 with a tied head and plain rope. */
    public static TinyModel of(Architecture architecture) {
        return new TinyModel(architecture, 1, GgmlType.F32, GgmlType.F32, true, new RopeScaling.None(), 8);
    }

    /** The usual one: Llama with 4-bit matrices and an 8-bit embedding, like the default model. */
    public static TinyModel quantised() {
        return of(Architecture.LLAMA).stored(GgmlType.Q4_1, GgmlType.Q8_0);
    }

    public TinyModel stored(GgmlType matrixType, GgmlType embeddingType) {
        return new TinyModel(architecture, seed, matrixType, embeddingType, tied, scaling, window);
    }

    public TinyModel seeded(long other) {
        return new TinyModel(architecture, other, matrices, embedding, tied, scaling, window);
    }

    /** With a head of its own. */
    public TinyModel untied() {
        return new TinyModel(architecture, seed, matrices, embedding, false, scaling, window);
    }

    public TinyModel scaled(RopeScaling other) {
        return new TinyModel(architecture, seed, matrices, embedding, tied, other, window);
    }

    /** The weights by their names in {@link ModelWeights} and in its order of rows: [rows, cols] each. */
    public Map<String, float[]> weights() {
        var random = new Random(seed);
        Map<String, float[]> weights = new LinkedHashMap<>();
        WeightTable.of(config()).forEach((name, shape) -> {
            int rows = shape.get(0);
            int cols = shape.get(1);
            boolean top = name.equals("token_embd.weight") || name.equals("output.weight");
            double spread = name.endsWith("norm.weight") || name.endsWith("bias") ? 0.2 : 1.5 / Math.sqrt(cols);
            var values = new float[rows * cols];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * (top ? 0.3 : spread));
                values[i] += name.endsWith("norm.weight") ? 1 : 0;
            }
            weights.put(name, values);
        });
        return weights;
    }

    /** Writes it as a GGUF file. */
    public Path write(Path file) throws IOException {
        Files.write(file, gguf().toBytes());
        return file;
    }

    GgufWriter gguf() {
        var writer = new GgufWriter().put("general.architecture", architecture.ggufName());
        putShape(writer, architecture.ggufName() + ".");
        TinyTokenizer.putInto(writer);
        Map<String, List<Integer>> shapes = WeightTable.of(config());
        weights().forEach((name, values) -> putWeight(writer, name, values, shapes.get(name)));
        putRopeFactors(writer);
        return writer;
    }

    private void putShape(GgufWriter writer, String prefix) {
        writer.put(prefix + "block_count", LAYERS)
                .put(prefix + "context_length", CONTEXT)
                .put(prefix + "embedding_length", HIDDEN)
                .put(prefix + "feed_forward_length", FFN)
                .put(prefix + "attention.head_count", HEADS)
                .put(prefix + "attention.head_count_kv", KV_HEADS)
                .put(prefix + "attention.key_length", HEAD_DIM)
                .put(prefix + "attention.value_length", HEAD_DIM)
                .put(prefix + "attention.layer_norm_rms_epsilon", RMS_EPS)
                .put(prefix + "rope.dimension_count", HEAD_DIM)
                .put(prefix + "rope.freq_base", (float) THETA);
        if (architecture == Architecture.GEMMA3) {
            writer.put(prefix + "attention.sliding_window", window)
                    .put(prefix + "attention.sliding_window_pattern", PATTERN)
                    .put(prefix + "rope.freq_base_swa", (float) LOCAL_THETA);
        }
        if (scaling instanceof RopeScaling.Linear linear) {
            writer.put(prefix + "rope.scaling.type", "linear")
                    .put(prefix + "rope.scaling.factor", (float) linear.factor());
        }
    }

    private void putWeight(GgufWriter writer, String name, float[] values, List<Integer> shape) {
        boolean vector = shape.get(1) == 1;
        boolean top = name.equals("token_embd.weight") || name.equals("output.weight");
        GgmlType type = vector ? GgmlType.F32 : top ? embedding : matrices;
        boolean queryOrKey = name.matches("blk\\.\\d\\.attn_[qk]\\.(weight|bias)");
        float[] stored = architecture == Architecture.LLAMA && queryOrKey ? interleaved(values, shape) : values;
        long[] dims = vector ? new long[] {shape.get(0)} : new long[] {shape.get(1), shape.get(0)};
        writer.tensor(name, type, Quantiser.encode(type, stored), dims);
    }

    /** {@code reshape(heads, 2, half, cols).swapaxes(1, 2)}, which is what the converter of llama.cpp does. */
    private static float[] interleaved(float[] values, List<Integer> shape) {
        int cols = shape.get(1);
        int half = HEAD_DIM / 2;
        var out = new float[values.length];
        int target = 0;
        for (int head = 0; head < shape.get(0) / HEAD_DIM; head++) {
            for (int i = 0; i < half; i++) {
                for (int side = 0; side < 2; side++) {
                    int source = ((head * 2 + side) * half + i) * cols;
                    System.arraycopy(values, source, out, target, cols);
                    target += cols;
                }
            }
        }
        return out;
    }

    private void putRopeFactors(GgufWriter writer) {
        if (scaling instanceof RopeScaling.None || scaling instanceof RopeScaling.Linear) {
            return;
        }
        var factors = new float[HEAD_DIM / 2];
        for (int i = 0; i < factors.length; i++) {
            double frequency = Math.pow(THETA, -2.0 * i / HEAD_DIM);
            factors[i] = (float) (frequency / scaling.scale(frequency, i));
        }
        writer.tensor(GgufConfig.ROPE_FACTORS, GgmlType.F32, Quantiser.encode(GgmlType.F32, factors), factors.length);
    }

    /** Writes it as {@code config.json}, safetensors in F32 and the files of the tokenizer; makes the directory. */
    public Path writeHuggingFace(Path directory, int shards) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("config.json"), TinyHuggingFace.config(this));
        TinyTokenizer.writeHuggingFace(directory);
        List<SafetensorsWriter> writers = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            writers.add(new SafetensorsWriter());
        }
        Map<String, List<Integer>> shapes = WeightTable.of(config());
        Map<String, String> index = new LinkedHashMap<>();
        int next = 0;
        for (Map.Entry<String, float[]> weight : weights().entrySet()) {
            int shard = next++ % shards;
            String name = TinyHuggingFace.name(weight.getKey(), architecture);
            float[] values = TinyHuggingFace.values(weight.getKey(), weight.getValue(), architecture);
            List<Integer> shape = shapes.get(weight.getKey());
            writers.get(shard).tensor(name, "F32", Quantiser.encode(GgmlType.F32, values), trim(shape));
            index.put(name, shardName(shard, shards));
        }
        for (int i = 0; i < shards; i++) {
            Files.write(directory.resolve(shardName(i, shards)), writers.get(i).toBytes());
        }
        if (shards > 1) {
            Files.writeString(
                    directory.resolve("model.safetensors.index.json"),
                    TinyHuggingFace.json(Map.of("weight_map", index)));
        }
        return directory;
    }

    private static long[] trim(List<Integer> shape) {
        return shape.get(1) == 1 ? new long[] {shape.get(0)} : new long[] {shape.get(0), shape.get(1)};
    }

    private static String shardName(int shard, int shards) {
        return shards == 1 ? "model.safetensors" : String.format("model-%05d-of-%05d.safetensors", shard + 1, shards);
    }

    /** What a reader must make of either form; of the GGUF file with {@link RopeScaling.Factors} for Llama 3's scaling. */
    ModelConfig config() {
        boolean gemma = architecture == Architecture.GEMMA3;
        var local = new Rope(HEAD_DIM, LOCAL_THETA, new RopeScaling.None());
        return new ModelConfig(
                architecture,
                LAYERS,
                HIDDEN,
                HEADS,
                KV_HEADS,
                HEAD_DIM,
                FFN,
                TinyTokenizer.SIZE,
                CONTEXT,
                RMS_EPS,
                (float) (1 / Math.sqrt(HEAD_DIM)),
                gemma ? (float) Math.sqrt(HIDDEN) : 1,
                new Rope(HEAD_DIM, THETA, scaling),
                gemma ? Optional.of(new SlidingWindow(window, local, Set.of(0))) : Optional.empty(),
                tied,
                architecture == Architecture.QWEN2);
    }
}
