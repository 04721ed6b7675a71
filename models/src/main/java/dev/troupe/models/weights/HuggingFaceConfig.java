package dev.troupe.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.models.ModelFormatException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A model's configuration from {@code config.json}; keys and defaults as in transformers, of versions 4 and 5. */
final class HuggingFaceConfig {
    private static final int GEMMA3_PATTERN = 6;
    private static final double GEMMA3_THETA = 1_000_000;

    private final Json json;
    private final Architecture architecture;
    private final String name;

    private HuggingFaceConfig(Json json) {
        this.json = json;
        name = json.array("architectures")
                .map(array -> array.path(0).asText())
                .or(() -> json.string("model_type").map(HuggingFaceConfig::className))
                .orElseThrow(() -> json.wrong("architectures", "is missing"));
        architecture = Architecture.ofHuggingFace(name)
                .orElseThrow(() -> new ModelFormatException(json.path() + ": architecture '" + name
                        + "' is not supported; choose a model of one of these: " + Architecture.hfNames()));
    }

    /**
     * Reads it.
     *
     * @param headPresent whether the weights hold a head, which says whether it is tied where the file does not
     */
    static ModelConfig read(Json json, boolean headPresent) {
        try {
            return new HuggingFaceConfig(json).config(headPresent);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(
                    json.path() + ": unusable configuration: " + e.getMessage() + "; choose another model", e);
        }
    }

    private static String className(String modelType) {
        return switch (modelType) {
            case "llama" -> "LlamaForCausalLM";
            case "mistral" -> "MistralForCausalLM";
            case "qwen2" -> "Qwen2ForCausalLM";
            case "qwen3" -> "Qwen3ForCausalLM";
            case "gemma3_text" -> "Gemma3ForCausalLM";
            default -> modelType;
        };
    }

    private ModelConfig config(boolean headPresent) {
        refuseWhatWouldBeIgnored();
        int layers = json.requireNatural("num_hidden_layers");
        int hidden = json.requireNatural("hidden_size");
        int heads = json.requireNatural("num_attention_heads");
        int headDim = json.natural("head_dim").orElse(heads == 0 ? 0 : hidden / heads);
        double queryWidth = json.number("query_pre_attn_scalar").orElse(headDim);
        boolean gemma = architecture == Architecture.GEMMA3;
        Rope rope = rope(headDim, "full_attention", "rope_theta", gemma ? GEMMA3_THETA : 10_000);
        return new ModelConfig(
                architecture,
                layers,
                hidden,
                heads,
                json.natural("num_key_value_heads").orElse(heads),
                headDim,
                json.requireNatural("intermediate_size"),
                json.requireNatural("vocab_size"),
                json.requireNatural("max_position_embeddings"),
                (float) json.number("rms_norm_eps").orElse(1e-6),
                (float) (1 / Math.sqrt(gemma ? queryWidth : headDim)),
                gemma ? (float) Math.sqrt(hidden) : 1,
                rope,
                slidingWindow(layers, rope),
                json.bool("tie_word_embeddings").orElse(!headPresent),
                architecture == Architecture.QWEN2
                        || json.bool("attention_bias").orElse(false));
    }

    private void refuseWhatWouldBeIgnored() {
        Activation activation = architecture.activation();
        String key = json.string("hidden_activation").isPresent() ? "hidden_activation" : "hidden_act";
        String given = json.string(key).orElse(activation == Activation.SILU ? "silu" : "gelu_pytorch_tanh");
        boolean known =
                switch (activation) {
                    case SILU -> given.equals("silu");
                    case GELU_TANH -> given.equals("gelu_pytorch_tanh");
                };
        if (!known) {
            throw new IllegalArgumentException("activation '" + given + "' is not supported");
        }
        for (String softcap : new String[] {"final_logit_softcapping", "attn_logit_softcapping"}) {
            if (json.number(softcap).isPresent()) {
                throw new IllegalArgumentException("'" + softcap + "' is not supported");
            }
        }
        if (json.object("quantization_config").isPresent()) {
            throw new IllegalArgumentException("'quantization_config' is not supported");
        }
    }

    /** Version 5 keeps all of rope in {@code rope_parameters}, there by kind of layer if the kinds differ. */
    private Rope rope(int headDim, String layerKind, String thetaKey, double theta) {
        Optional<Json> parameters = json.object("rope_parameters");
        if (parameters.isPresent()) {
            Json flat = parameters.get().object(layerKind).orElse(parameters.get());
            return new Rope(headDim, flat.number("rope_theta").orElse(theta), scaling(flat));
        }
        // Version 4: the one scaling is that of the global layers.
        boolean global = layerKind.equals("full_attention");
        RopeScaling scaling = global
                ? json.object("rope_scaling").map(HuggingFaceConfig::scaling).orElseGet(RopeScaling.None::new)
                : new RopeScaling.None();
        return new Rope(headDim, json.number(thetaKey).orElse(theta), scaling);
    }

    private static RopeScaling scaling(Json json) {
        String type = json.string("rope_type").or(() -> json.string("type")).orElse("default");
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(factor(json, "factor"));
            case "llama3" ->
                new RopeScaling.Llama3(
                        factor(json, "factor"),
                        factor(json, "low_freq_factor"),
                        factor(json, "high_freq_factor"),
                        json.requireNatural("original_max_position_embeddings"));
            default -> throw new IllegalArgumentException("rope scaling '" + type + "' is not supported");
        };
    }

    private static double factor(Json json, String key) {
        return json.number(key).orElseThrow(() -> json.wrong(key, "is missing"));
    }

    private Optional<SlidingWindow> slidingWindow(int layers, Rope rope) {
        if (layers > ModelConfig.MAX_LAYERS || json.natural("sliding_window").isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> local =
                json.array("layer_types").map(HuggingFaceConfig::slidingLayers).orElseGet(() -> defaultLocals(layers));
        Rope localRope = architecture == Architecture.GEMMA3
                ? rope(rope.dim(), "sliding_attention", "rope_local_base_freq", 10_000)
                : rope;
        return local.isEmpty()
                ? Optional.empty()
                : Optional.of(new SlidingWindow(json.requireNatural("sliding_window"), localRope, local));
    }

    /** Which layers are local where the file does not list them. */
    private Set<Integer> defaultLocals(int layers) {
        return switch (architecture) {
            case LLAMA ->
                name.equals("MistralForCausalLM") ? GgufConfig.locals(layers, GgufConfig.ALL_LOCAL) : Set.of();
            case QWEN2, QWEN3 -> {
                int from = json.natural("max_window_layers").orElse(layers);
                yield json.bool("use_sliding_window").orElse(false)
                        ? IntStream.range(from, Math.max(from, layers)).boxed().collect(Collectors.toSet())
                        : Set.of();
            }
            case GEMMA3 ->
                GgufConfig.locals(layers, json.natural("sliding_window_pattern").orElse(GEMMA3_PATTERN));
        };
    }

    private static Set<Integer> slidingLayers(JsonNode types) {
        Set<Integer> local = new HashSet<>();
        for (int layer = 0; layer < types.size(); layer++) {
            String type = types.get(layer).asText();
            switch (type) {
                case "sliding_attention" -> local.add(layer);
                case "full_attention" -> {}
                default -> throw new IllegalArgumentException("layer type '" + type + "' is not supported");
            }
        }
        return local;
    }
}
