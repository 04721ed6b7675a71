package dev.troupe.image.model;

import dev.troupe.image.schedule.NoiseConfig;
import dev.troupe.models.ModelFormatException;
import dev.troupe.models.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configurations of a diffusers directory, which fit each other. */
public record DiffusionConfig(TextConfig text, UnetConfig unet, VaeConfig vae, NoiseConfig noise) {

    /**
     * Reads a directory as diffusers' {@code save_pretrained} writes it.
     *
     * @throws ModelFormatException if a file is missing or damaged, something in it is not supported, or two do not fit each other
     */
    public static DiffusionConfig read(Path directory) throws IOException {
        Json index = json(directory, "model_index.json");
        Keys.only(index, "_class_name", "StableDiffusionPipeline");
        var config = new DiffusionConfig(
                text(json(directory, "text_encoder/config.json")),
                UnetConfig.read(json(directory, "unet/config.json")),
                VaeConfig.read(json(directory, "vae/config.json")),
                NoiseConfig.read(json(directory, "scheduler/scheduler_config.json")));
        fit(
                directory,
                "the text encoder's hidden_size",
                config.text.hidden(),
                "the U-Net's cross_attention_dim",
                config.unet.textWidth());
        fit(
                directory,
                "the text encoder's projection_dim",
                config.text.pooled(),
                "the U-Net's projection_class_embeddings_input_dim",
                config.unet.pooledWidth());
        fit(
                directory,
                "the VAE's latent_channels",
                config.vae.latentChannels(),
                "the U-Net's in_channels",
                config.unet.channels());
        return config;
    }

    private static TextConfig text(Json json) {
        boolean ours = json.string("_class_name").orElse("").equals(WordTextConfig.NAME);
        return ours ? WordTextConfig.read(json) : ClipConfig.read(json);
    }

    private static Json json(Path directory, String name) throws IOException {
        Path path = directory.resolve(name);
        if (!Files.isRegularFile(path)) {
            throw new ModelFormatException(directory + ": there is no " + name
                    + "; give a directory of Stable Diffusion in diffusers' layout, whole");
        }
        return Json.read(path);
    }

    private static void fit(Path directory, String one, int first, String other, int second) {
        if (first != second) {
            throw new ModelFormatException(directory + ": " + one + " is " + first + " and " + other + " is " + second
                    + "; fetch all parts of the same model");
        }
    }
}
