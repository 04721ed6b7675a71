package dev.troupe.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.models.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model out of a directory with {@code config.json} and safetensors, in one file or in shards under an index. */
final class HuggingFaceModel {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,4})\\.(.+)\\.(weight|bias)");

    private static final Map<String, String> TOP = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");

    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("pre_feedforward_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("post_feedforward_layernorm", "post_ffw_norm"));

    private HuggingFaceModel() {}

    static ModelWeights open(Path directory) throws IOException {
        Path configPath = directory.resolve("config.json");
        if (!Files.isRegularFile(configPath)) {
            throw new ModelFormatException(
                    directory + ": no config.json; give a directory in Hugging Face layout or a .gguf file");
        }
        List<SafetensorsFile> shards = new ArrayList<>();
        Map<String, Weight> tensors = new LinkedHashMap<>();
        for (Path path : shards(directory)) {
            SafetensorsFile shard = SafetensorsFile.open(path);
            shards.add(shard);
            for (String name : shard.tensors().keySet()) {
                // Older checkpoints store the frequencies of rope, which follow from the configuration.
                if (!name.endsWith(".rotary_emb.inv_freq") && tensors.put(name, shard.weight(name)) != null) {
                    throw new ModelFormatException(
                            path + ": tensor '" + name + "' also stands in another shard; fetch the model again");
                }
            }
        }
        ModelConfig config = HuggingFaceConfig.read(Json.read(configPath), tensors.containsKey("lm_head.weight"));
        if (config.tiedEmbeddings()) {
            tensors.remove("lm_head.weight");
        }
        Map<String, Weight> weights = new LinkedHashMap<>();
        tensors.forEach((name, weight) -> {
            Weight ours = canonical(weight, config.architecture());
            weights.put(ours.name(), ours);
        });
        return new ModelWeights(
                directory,
                config,
                weights,
                shards.stream().map(SafetensorsFile::file).toList());
    }

    private static List<Path> shards(Path directory) throws IOException {
        if (Files.isRegularFile(directory.resolve(SINGLE))) {
            return List.of(directory.resolve(SINGLE));
        }
        Path index = directory.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new ModelFormatException(directory + ": neither " + SINGLE + " nor " + INDEX
                    + "; fetch the model again, with weights as safetensors");
        }
        Json json = Json.read(index);
        Json map = json.object("weight_map").orElseThrow(() -> json.wrong("weight_map", "is missing"));
        var names = new TreeSet<String>();
        for (JsonNode file : map.node()) {
            names.add(file.asText());
        }
        List<Path> shards = new ArrayList<>();
        for (String name : names) {
            shards.add(shard(directory, json, name));
        }
        return shards;
    }

    /** A shard lies beside its index: a name that leads elsewhere is no shard. */
    private static Path shard(Path directory, Json index, String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*\\.safetensors")) {
            throw index.wrong("weight_map", "names the file '" + name + "'");
        }
        Path path = directory.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(path + ": this shard is missing; fetch the model again");
        }
        return path;
    }

    /** A name without a place among ours stays as it is, for {@link ModelWeights} to refuse. */
    private static Weight canonical(Weight weight, Architecture architecture) {
        Matcher matcher = LAYER.matcher(weight.name());
        if (!matcher.matches()) {
            String top = TOP.get(weight.name());
            return top == null ? weight : gemmaNorm(weight.named(top), architecture);
        }
        return part(matcher.group(2), architecture)
                .map(part ->
                        weight.named("blk." + Integer.parseInt(matcher.group(1)) + "." + part + "." + matcher.group(3)))
                .map(named -> gemmaNorm(named, architecture))
                .orElse(weight);
    }

    private static Optional<String> part(String name, Architecture architecture) {
        if (name.equals("post_attention_layernorm")) {
            return Optional.of(architecture.postNorms() ? "post_attention_norm" : "ffn_norm");
        }
        return Optional.ofNullable(PARTS.get(name));
    }

    /** Gemma's checkpoints store norm weights less one; its GGUF files do not. */
    private static Weight gemmaNorm(Weight weight, Architecture architecture) {
        boolean norm = architecture == Architecture.GEMMA3 && weight.name().endsWith("norm.weight");
        return norm ? weight.plus(1) : weight;
    }
}
