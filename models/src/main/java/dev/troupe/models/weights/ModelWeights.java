package dev.troupe.models.weights;

import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's configuration and weights, from a GGUF file or a directory in Hugging Face layout.
 *
 * <p>Names are those of GGUF whatever the format: {@code token_embd.weight}, {@code output_norm.weight},
 * {@code output.weight} unless the head is tied, and for each layer N, under {@code blk.N.}:
 *
 * <ul>
 *   <li>{@code attn_norm.weight} [hidden]; {@code attn_q}, {@code attn_k}, {@code attn_v} (.weight, and .bias where the
 *       configuration says so) [heads * headDim, hidden]; {@code attn_output.weight} [hidden, heads * headDim];
 *       {@code attn_q_norm.weight}, {@code attn_k_norm.weight} [headDim];
 *   <li>{@code ffn_norm.weight} [hidden]; {@code ffn_gate.weight}, {@code ffn_up.weight} [ffn, hidden];
 *       {@code ffn_down.weight} [hidden, ffn];
 *   <li>{@code post_attention_norm.weight}, {@code post_ffw_norm.weight} [hidden] where the architecture has them.
 * </ul>
 *
 * <p>Exactly these are present, in these shapes: a file with one missing, misshapen or left over is refused, because what
 * comes of it would be wrong text. Closing forgets the files; weights read after that throw
 * {@link IllegalStateException}.
 */
public final class ModelWeights implements AutoCloseable {
    private final ModelConfig config;
    private final Map<String, Weight> weights;
    private final List<MappedFile> files;

    ModelWeights(Path path, ModelConfig config, Map<String, Weight> weights, List<MappedFile> files) {
        this.config = config;
        this.weights = Collections.unmodifiableMap(weights);
        this.files = List.copyOf(files);
        check(path);
    }

    /**
     * Opens a GGUF file or a Hugging Face directory, whichever the path is.
     *
     * @throws IOException if it is not there or cannot be read
     * @throws ModelFormatException if it is damaged, foreign, or of a kind that is not supported
     */
    public static ModelWeights open(Path path) throws IOException {
        return Files.isDirectory(path) ? HuggingFaceModel.open(path) : GgufModel.open(path);
    }

    public ModelConfig config() {
        return config;
    }

    public Set<String> names() {
        return weights.keySet();
    }

    public Optional<Weight> find(String name) {
        return Optional.ofNullable(weights.get(name));
    }

    /**
     * A weight that the configuration says is there.
     *
     * @throws IllegalArgumentException if it is not
     */
    public Weight get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("the model has no weight " + name));
    }

    /**
     * Says which model this is, whatever its files are called: 32 hexadecimal digits of a SHA-256 over the configuration,
     * the tensor table and a sample of every tensor. Reads less than a megabyte.
     */
    public String fingerprint() {
        return Fingerprint.of(config, weights);
    }

    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }

    private void check(Path path) {
        Map<String, List<Integer>> table = WeightTable.of(config);
        table.forEach((name, shape) -> {
            Weight weight = weights.get(name);
            if (weight == null) {
                throw refused(path, "weight '" + name + "' is missing");
            }
            if (weight.rows() != shape.get(0) || weight.cols() != shape.get(1)) {
                throw refused(
                        path,
                        "weight '" + name + "' is [" + weight.rows() + ", " + weight.cols()
                                + "] where the configuration says " + shape);
            }
        });
        for (String name : weights.keySet()) {
            if (!table.containsKey(name)) {
                throw refused(path, "weight '" + name + "' has no place in a " + config.architecture() + " model");
            }
        }
    }

    private static ModelFormatException refused(Path path, String problem) {
        return new ModelFormatException(path + ": " + problem + "; choose another file");
    }
}
