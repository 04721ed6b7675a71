package dev.troupe.models.weights;

import dev.troupe.models.ModelFormatException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A model's configuration from GGUF metadata; keys as in {@code gguf-py/gguf/constants.py} of llama.cpp. */
final class GgufConfig {
    static final String ROPE_FACTORS = "rope_freqs.weight";

    /** What the key would say if Gemma 3 files held it: every sixth layer is global. */
    private static final int GEMMA3_PATTERN = 6;

    /** The pattern that has no global layer. */
    static final int ALL_LOCAL = 0;

    private static final double GEMMA3_LOCAL_THETA = 10_000;
    private static final int GEMMA3_27B_LAYERS = 62;

    private final Path path;
    private final GgufMetadata metadata;
    private final Map<String, Weight> weights;
    private final Architecture architecture;

    private GgufConfig(Path path, GgufMetadata metadata, Map<String, Weight> weights) {
        this.path = path;
        this.metadata = metadata;
        this.weights = weights;
        String key = "general.architecture";
        String name = metadata.string(key).orElseThrow(() -> metadata.missing(key));
        architecture = Architecture.ofGguf(name)
                .orElseThrow(() -> new ModelFormatException(path + ": architecture '" + name
                        + "' is not supported; choose a model of one of these: " + Architecture.ggufNames()));
    }

    static ModelConfig read(Path path, GgufMetadata metadata, Map<String, Weight> weights) {
        var reader = new GgufConfig(path, metadata, weights);
        try {
            return reader.config();
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(
                    path + ": unusable configuration: " + e.getMessage() + "; choose another file", e);
        }
    }

    private ModelConfig config() {
        int layers = require("block_count");
        int hidden = require("embedding_length");
        int heads = require("attention.head_count");
        int headDim = natural("attention.key_length").orElse(heads == 0 ? 0 : hidden / heads);
        if (natural("attention.value_length").orElse(headDim) != headDim) {
            throw new IllegalArgumentException("values and keys of different length are not supported");
        }
        var rope = new Rope(
                natural("rope.dimension_count").orElse(headDim), number("rope.freq_base", 10_000), ropeScaling());
        return new ModelConfig(
                architecture,
                layers,
                hidden,
                heads,
                natural("attention.head_count_kv").orElse(heads),
                headDim,
                require("feed_forward_length"),
                vocab(),
                require("context_length"),
                (float) number("attention.layer_norm_rms_epsilon", 1e-6),
                queryScale(layers, hidden, heads, headDim),
                architecture == Architecture.GEMMA3 ? (float) Math.sqrt(hidden) : 1,
                rope,
                slidingWindow(layers, rope),
                !weights.containsKey("output.weight"),
                architecture == Architecture.QWEN2 || weights.containsKey("blk.0.attn_q.bias"));
    }

    private int vocab() {
        Weight embedding = weights.get("token_embd.weight");
        if (embedding == null) {
            throw new IllegalArgumentException("token_embd.weight is missing");
        }
        return embedding.rows();
    }

    /** Gemma 3 27B alone divides by the root of hidden / heads and not of the head; the file does not say so. */
    private float queryScale(int layers, int hidden, int heads, int headDim) {
        boolean byWidth = architecture == Architecture.GEMMA3 && layers == GEMMA3_27B_LAYERS;
        double width = byWidth ? (double) hidden / heads : headDim;
        return (float) number("attention.scale", 1 / Math.sqrt(width));
    }

    private RopeScaling ropeScaling() {
        Weight factors = weights.get(ROPE_FACTORS);
        if (factors != null) {
            List<Float> values = new ArrayList<>();
            for (float value : factors.values()) {
                values.add(value);
            }
            return new RopeScaling.Factors(values);
        }
        String type = metadata.string(key("rope.scaling.type")).orElse("none");
        return switch (type) {
            case "none" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(number("rope.scaling.factor", 1));
            default -> throw new IllegalArgumentException("rope scaling '" + type + "' is not supported");
        };
    }

    private Optional<SlidingWindow> slidingWindow(int layers, Rope rope) {
        OptionalInt tokens = natural("attention.sliding_window");
        if (tokens.isEmpty() || tokens.getAsInt() == 0 || layers > ModelConfig.MAX_LAYERS) {
            return Optional.empty();
        }
        return switch (architecture) {
            case LLAMA -> Optional.of(new SlidingWindow(tokens.getAsInt(), rope, locals(layers, ALL_LOCAL)));
            case QWEN2, QWEN3 -> Optional.empty(); // trained without; the key is only copied along
            case GEMMA3 -> {
                double theta = number("rope.freq_base_swa", GEMMA3_LOCAL_THETA);
                var local = new Rope(rope.dim(), theta, new RopeScaling.None());
                yield Optional.of(new SlidingWindow(tokens.getAsInt(), local, gemma3Locals(layers)));
            }
        };
    }

    private Set<Integer> gemma3Locals(int layers) {
        String pattern = "attention.sliding_window_pattern";
        if (!metadata.isArray(key(pattern))) {
            return locals(layers, natural(pattern).orElse(GEMMA3_PATTERN));
        }
        int[] local = metadata.ints(key(pattern)).orElseThrow();
        return IntStream.range(0, Math.min(layers, local.length))
                .filter(layer -> local[layer] != 0)
                .boxed()
                .collect(Collectors.toSet());
    }

    /** All layers but every {@code pattern}-th. */
    static Set<Integer> locals(int layers, int pattern) {
        return IntStream.range(0, layers)
                .filter(layer -> pattern == ALL_LOCAL || (layer + 1) % pattern != 0)
                .boxed()
                .collect(Collectors.toSet());
    }

    private String key(String name) {
        return architecture.ggufName() + "." + name;
    }

    private int require(String name) {
        return natural(name).orElseThrow(() -> metadata.missing(key(name)));
    }

    private OptionalInt natural(String name) {
        if (metadata.isArray(key(name))) {
            throw new ModelFormatException(path + ": '" + key(name)
                    + "' differs from layer to layer, which is not supported; choose another model");
        }
        return metadata.natural(key(name));
    }

    private double number(String name, double otherwise) {
        return metadata.number(key(name)).orElse(otherwise);
    }
}
