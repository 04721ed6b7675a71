package dev.troupe.models.weights;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The families of decoder that the model program knows: what sets each apart from plain Llama. What a single model may
 * choose for itself stands in {@link ModelConfig}.
 */
public enum Architecture {
    /** Llama 1 to 3, SmolLM2, and Mistral: RMS norm, rope, grouped queries, gated SiLU. */
    LLAMA("llama", List.of("LlamaForCausalLM", "MistralForCausalLM"), Activation.SILU, false, false),
    /** Llama with biases on Q, K and V. */
    QWEN2("qwen2", List.of("Qwen2ForCausalLM"), Activation.SILU, false, false),
    /** Llama with an RMS norm on every head of Q and K. */
    QWEN3("qwen3", List.of("Qwen3ForCausalLM"), Activation.SILU, true, false),
    /** Norms on Q and K and after each sub-layer, scaled embeddings, local layers with a rope of their own. */
    GEMMA3("gemma3", List.of("Gemma3ForCausalLM"), Activation.GELU_TANH, true, true);

    private final String ggufName;

    @SuppressWarnings("ImmutableEnumChecker") // a List.of, which nobody can change
    private final List<String> hfNames;

    private final Activation activation;
    private final boolean qkNorm;
    private final boolean postNorms;

    Architecture(String ggufName, List<String> hfNames, Activation activation, boolean qkNorm, boolean postNorms) {
        this.ggufName = ggufName;
        this.hfNames = hfNames;
        this.activation = activation;
        this.qkNorm = qkNorm;
        this.postNorms = postNorms;
    }

    static Optional<Architecture> ofGguf(String name) {
        return Arrays.stream(values()).filter(a -> a.ggufName.equals(name)).findFirst();
    }

    static Optional<Architecture> ofHuggingFace(String name) {
        return Arrays.stream(values()).filter(a -> a.hfNames.contains(name)).findFirst();
    }

    /** The GGUF names of all, for messages. */
    static String ggufNames() {
        return Arrays.stream(values()).map(a -> a.ggufName).collect(Collectors.joining(", "));
    }

    /** The Hugging Face names of all, for messages. */
    static String hfNames() {
        return Arrays.stream(values()).flatMap(a -> a.hfNames.stream()).collect(Collectors.joining(", "));
    }

    /** {@code general.architecture}, which also begins the family's own keys. */
    String ggufName() {
        return ggufName;
    }

    public Activation activation() {
        return activation;
    }

    /** Whether every head of Q and K passes an RMS norm before rope. */
    public boolean qkNorm() {
        return qkNorm;
    }

    /** Whether the outputs of attention and of the feed-forward layer pass an RMS norm before they are added. */
    public boolean postNorms() {
        return postNorms;
    }
}
