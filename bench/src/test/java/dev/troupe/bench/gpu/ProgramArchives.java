package dev.troupe.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.troupe.device.KernelPolicy;
import dev.troupe.models.hub.DownloadListener;
import dev.troupe.models.hub.HubConfig;
import dev.troupe.models.hub.ModelHub;
import dev.troupe.models.weights.ModelConfig;
import dev.troupe.models.weights.ModelWeights;
import dev.troupe.models.weights.SlidingWindow;
import dev.troupe.worker.model.ModelRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the program of a model as the CPU's exact policy has it and as the GPU's has it, and the shape of its weights, for
 * {@code bench/gpu_check.py}: {@code bench/run dev.troupe.bench.gpu.ProgramArchives FOLDER [MODEL]}. Needs no PyTorch.
 */
final class ProgramArchives {
    private ProgramArchives() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException("say FOLDER [MODEL]: where to write to, and which model's program");
        }
        Path folder = Files.createDirectories(Path.of(args[0]));
        String name = args.length == 2 ? args[1] : ModelHub.DEFAULT_MODEL;
        Path path = new ModelHub(HubConfig.fromEnvironment())
                .resolve(name, DownloadListener.SILENT)
                .path();
        try (ModelWeights weights = ModelWeights.open(path)) {
            ModelConfig config = weights.config();
            Files.write(folder.resolve("exact.pt"), ModelRunner.archive(config, KernelPolicy.exact()));
            Files.write(folder.resolve("cuda.pt"), ModelRunner.archive(config, KernelPolicy.cuda()));
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(folder.resolve("model.json").toFile(), shape(name, config));
        }
        System.out.println("exact.pt, cuda.pt and model.json of " + name + " are in " + folder);
    }

    /** All that decides which weights the program wants, and in what order. */
    private static Map<String, Object> shape(String name, ModelConfig config) {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("name", name);
        shape.put("layers", config.layers());
        shape.put("hidden", config.hidden());
        shape.put("heads", config.heads());
        shape.put("kv_heads", config.kvHeads());
        shape.put("head_dim", config.headDim());
        shape.put("ffn", config.ffn());
        shape.put("vocab", config.vocab());
        shape.put("context_length", config.contextLength());
        shape.put("query_scale", config.queryScale());
        shape.put("embedding_scale", config.embeddingScale());
        shape.put("qkv_bias", config.qkvBias());
        shape.put("qk_norm", config.architecture().qkNorm());
        shape.put("post_norms", config.architecture().postNorms());
        shape.put("tied_embeddings", config.tiedEmbeddings());
        shape.put("rope", config.rope().inverseFrequencies());
        shape.put(
                "local_rope",
                config.slidingWindow()
                        .map(SlidingWindow::rope)
                        .map(rope -> rope.inverseFrequencies())
                        .orElse(null));
        shape.put(
                "local_layers",
                config.slidingWindow()
                        .map(window -> window.layers().stream().sorted().toList())
                        .orElse(null));
        return shape;
    }
}
