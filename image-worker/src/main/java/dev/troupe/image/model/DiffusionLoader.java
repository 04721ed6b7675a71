package dev.troupe.image.model;

import dev.troupe.device.TorchDevice;
import dev.troupe.image.text.ClipTokenizer;
import dev.troupe.image.text.WordTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads the networks of a directory one by one; each file is closed when its weights are on the device. */
final class DiffusionLoader {
    private static final double LAYER_EPS = 1e-5;
    private static final double VAE_EPS = 1e-6;
    private static final double SLOWEST_WAVE = Math.log(10_000);

    /** What the VAE's attention was called before diffusers 0.17. */
    private static final Map<String, String> OLD_ATTENTION =
            Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");

    private final Path directory;
    private final DiffusionConfig config;
    private final List<LoraAdapter> adapters;
    private final TorchDevice device;

    DiffusionLoader(Path directory, DiffusionConfig config, List<LoraAdapter> adapters, TorchDevice device) {
        this.directory = directory;
        this.config = config;
        this.adapters = adapters;
        this.device = device;
    }

    TextEncoder text() throws IOException {
        Path tokenizer = directory.resolve("tokenizer");
        if (config.text() instanceof WordTextConfig words) {
            return new WordTextEncoder(
                    words, WordTokenizer.read(tokenizer, words.rows(), words.positions(), words.parts()), words(words));
        }
        var clip = (ClipConfig) config.text();
        return new ClipTextEncoder(clip, ClipTokenizer.read(tokenizer, clip.positions(), clip.vocab()), clip(clip));
    }

    private Network words(WordTextConfig text) throws IOException {
        try (var weights = NetworkWeights.open(directory.resolve("text_encoder"), "model", name -> name)) {
            var program = new NetworkWriter();
            WordTextProgram.write(text, program);
            var numbers = new Network.Numbers(1, LAYER_EPS, LAYER_EPS, 0);
            return Network.load(
                    device,
                    program,
                    numbers,
                    Network.Kernels.PLAIN,
                    weights,
                    Optional.of(LoraAdapter.Target.TEXT),
                    adapters);
        }
    }

    private Network clip(ClipConfig text) throws IOException {
        try (var weights = NetworkWeights.open(directory.resolve("text_encoder"), "model", DiffusionLoader::textName)) {
            var numbers = new Network.Numbers(1, LAYER_EPS, text.layerEps(), 0);
            var program = ClipProgram.write(text);
            return Network.load(
                    device,
                    program,
                    numbers,
                    Network.Kernels.PLAIN,
                    weights,
                    Optional.of(LoraAdapter.Target.TEXT),
                    adapters);
        }
    }

    /** Some versions of transformers put all under one more name. Positions count themselves; the projection is for comparing with pictures. */
    private static String textName(String name) {
        String inner = name.startsWith("text_model.") ? name.substring("text_model.".length()) : name;
        return inner.equals("embeddings.position_ids") || inner.equals("text_projection.weight") ? "" : inner;
    }

    Network unet(Network.Kernels kernels) throws IOException {
        UnetConfig unet = config.unet();
        try (var weights = NetworkWeights.open(directory.resolve("unet"), "diffusion_pytorch_model", name -> name)) {
            var program = UnetProgram.write(unet);
            return Network.load(
                    device, program, numbers(unet), kernels, weights, Optional.of(LoraAdapter.Target.UNET), adapters);
        }
    }

    Network vae(Network.Kernels kernels) throws IOException {
        try (var weights =
                NetworkWeights.open(directory.resolve("vae"), "diffusion_pytorch_model", DiffusionLoader::vaeName)) {
            var program = VaeProgram.write(config.vae());
            return Network.load(device, program, numbers(config.vae()), kernels, weights, Optional.empty(), List.of());
        }
    }

    static Network.Numbers numbers(UnetConfig unet) {
        double decay = -SLOWEST_WAVE / (unet.widths().get(0) / 2 - unet.freqShift());
        return new Network.Numbers(unet.groups(), unet.eps(), LAYER_EPS, decay);
    }

    static Network.Numbers numbers(VaeConfig vae) {
        return new Network.Numbers(vae.groups(), VAE_EPS, LAYER_EPS, 0);
    }

    private static String vaeName(String name) {
        if (name.contains(".attentions.")) {
            for (Map.Entry<String, String> old : OLD_ATTENTION.entrySet()) {
                String part = "." + old.getKey() + ".";
                if (name.contains(part)) {
                    return name.replace(part, "." + old.getValue() + ".");
                }
            }
        }
        return name;
    }
}
