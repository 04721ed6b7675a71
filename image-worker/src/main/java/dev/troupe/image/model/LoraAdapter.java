package dev.troupe.image.model;

import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.SafetensorsFile;
import dev.troupe.models.weights.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An adapter's file, in any of the layouts in use:
 *
 * <ul>
 *   <li>kohya's: {@code lora_unet_down_blocks_0_..._to_q.lora_down.weight}, {@code .lora_up.weight}, {@code .alpha}, and {@code lora_te_} for the
 *       text encoder;
 *   <li>diffusers' with PEFT: {@code unet.down_blocks.0...to_q.lora_A.weight}, {@code .lora_B.weight}, and {@code text_encoder.};
 *   <li>diffusers' before: {@code unet...attn1.processor.to_q_lora.down.weight}, {@code text_encoder...q_proj.lora_linear_layer.up.weight}.
 * </ul>
 *
 * <p>Names are compared with points as underscores, since kohya's have no others. Without an alpha it is the rank.
 */
final class LoraAdapter {
    /** Which network a matrix belongs to. */
    enum Target {
        UNET,
        TEXT
    }

    private static final Pattern DOWN = Pattern.compile(
            "(.+?)(?:[._]lora|\\.lora_linear_layer)?\\.?(?:lora_down|lora_A|down)(?:\\.default)?\\.weight");
    private static final Pattern UP =
            Pattern.compile("(.+?)(?:[._]lora|\\.lora_linear_layer)?\\.?(?:lora_up|lora_B|up)(?:\\.default)?\\.weight");
    private static final Pattern ALPHA = Pattern.compile("(.+)\\.alpha");

    private static final Map<String, Target> PREFIXES = new LinkedHashMap<>();

    static {
        PREFIXES.put("lora_unet_", Target.UNET);
        PREFIXES.put("unet_", Target.UNET);
        PREFIXES.put("base_model_model_", Target.UNET); // PEFT's own file, of a U-Net alone
        PREFIXES.put("lora_te_text_model_", Target.TEXT);
        PREFIXES.put("lora_te_", Target.TEXT);
        PREFIXES.put("text_encoder_text_model_", Target.TEXT);
        PREFIXES.put("text_encoder_", Target.TEXT);
    }

    private final Path path;
    private final Map<Target, Map<String, LowRank>> matrices; // by module, points as underscores
    private final Set<LowRank> used = new HashSet<>();

    private LoraAdapter(Path path, Map<Target, Map<String, LowRank>> matrices) {
        this.path = path;
        this.matrices = matrices;
    }

    private static final class Parts {
        private Weight up;
        private Weight down;
        private Weight alpha;
    }

    /**
     * Reads an adapter.
     *
     * @param strength that it is to be added with; 1 is as trained
     * @throws ModelFormatException if it is damaged, of another kind, or not for a network of Stable Diffusion
     */
    static LoraAdapter read(Path path, double strength) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(path + ": there is no such adapter; give a .safetensors file");
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            Map<String, Parts> parts = new TreeMap<>();
            for (String name : file.tensors().keySet()) {
                sort(path, name, file.weight(name), parts);
            }
            if (parts.isEmpty()) {
                throw new ModelFormatException(path + ": holds no adapter; give a file with LoRA weights");
            }
            Map<Target, Map<String, LowRank>> matrices = new HashMap<>();
            parts.forEach((base, found) -> {
                String prefix = PREFIXES.keySet().stream()
                        .filter(base::startsWith)
                        .findFirst()
                        .orElseThrow(() -> new ModelFormatException(
                                path + ": '" + base + "' belongs neither to a U-Net nor to a text encoder; use an"
                                        + " adapter for Stable Diffusion 1 or 2"));
                matrices.computeIfAbsent(PREFIXES.get(prefix), target -> new HashMap<>())
                        .put(base.substring(prefix.length()), matrix(path, base, found, strength));
            });
            return new LoraAdapter(path, matrices);
        }
    }

    private static void sort(Path path, String name, Weight weight, Map<String, Parts> parts) {
        Matcher down = DOWN.matcher(name);
        Matcher up = UP.matcher(name);
        Matcher alpha = ALPHA.matcher(name);
        if (down.matches()) {
            parts.computeIfAbsent(base(down.group(1)), base -> new Parts()).down = weight;
        } else if (up.matches()) {
            parts.computeIfAbsent(base(up.group(1)), base -> new Parts()).up = weight;
        } else if (alpha.matches()) {
            parts.computeIfAbsent(base(alpha.group(1)), base -> new Parts()).alpha = weight;
        } else {
            throw new ModelFormatException(path + ": '" + name + "' is no part of a LoRA; LoHa, LoKr, DoRA and other"
                    + " kinds of adapter are not supported, use a plain LoRA");
        }
    }

    private static String base(String name) {
        return name.replace('.', '_').replace("_processor_", "_");
    }

    private static LowRank matrix(Path path, String base, Parts parts, double strength) {
        if (parts.up == null || parts.down == null) {
            throw new ModelFormatException(path + ": '" + base + "' has only one of its two matrices; fetch it again");
        }
        int rank = parts.down.rows();
        if (rank < 1 || parts.up.cols() != rank) {
            throw new ModelFormatException(path + ": the two matrices of '" + base + "' do not fit each other: up ["
                    + parts.up.rows() + ", " + parts.up.cols() + "], down [" + parts.down.rows() + ", "
                    + parts.down.cols() + "]; fetch it again");
        }
        double alpha = parts.alpha == null ? rank : parts.alpha.values()[0];
        if (!Double.isFinite(alpha)) {
            throw new ModelFormatException(path + ": alpha of '" + base + "' is " + alpha + "; fetch it again");
        }
        return new LowRank(parts.up.values(), parts.down.values(), rank, strength * alpha / rank);
    }

    /**
     * What is to be added to a module's weight.
     *
     * @param module its name with points
     * @param rows of the weight
     * @param cols of the weight, all axes but the first
     * @throws ModelFormatException if the adapter's matrix does not fit
     */
    Optional<LowRank> find(Target target, String module, long rows, long cols) {
        Map<String, LowRank> ours = matrices.getOrDefault(target, Map.of());
        String name = module.replace('.', '_');
        // The old layout calls the output projection without the index that it has in its list.
        String old = name.endsWith("_to_out_0") ? name.substring(0, name.length() - 2) : name;
        Optional<LowRank> found = Optional.ofNullable(ours.getOrDefault(name, ours.get(old)));
        found.ifPresent(matrix -> {
            if (matrix.rows() != rows || matrix.cols() != cols) {
                throw new ModelFormatException(path + ": its matrix for '" + module + "' is [" + matrix.rows() + ", "
                        + matrix.cols() + "] where the model has [" + rows + ", " + cols
                        + "]; use an adapter that was trained on this model's kind");
            }
            used.add(matrix);
        });
        return found;
    }

    /** Refuses an adapter of which something found no place: it was made for another model. */
    void requireAllUsed() {
        var left = new TreeSet<String>();
        matrices.values()
                .forEach(ours -> ours.forEach((name, matrix) -> {
                    if (!used.contains(matrix)) {
                        left.add(name);
                    }
                }));
        if (!left.isEmpty()) {
            throw new ModelFormatException(path + ": the model has no place for " + left.size()
                    + " matrices of the adapter, for example '" + left.first()
                    + "'; use an adapter that was trained on this model's kind");
        }
    }

    /** Adds what each adapter has for a module to its weight. */
    static void merge(Collection<LoraAdapter> adapters, Target target, String module, float[] values, long rows) {
        for (LoraAdapter adapter : adapters) {
            adapter.find(target, module, rows, values.length / rows).ifPresent(matrix -> matrix.addTo(values));
        }
    }
}
