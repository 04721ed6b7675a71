package dev.troupe.image.train;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.troupe.image.model.DiffusionConfig;
import dev.troupe.image.model.Learner;
import dev.troupe.image.model.WordTextConfig;
import dev.troupe.image.text.WordTokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The default model's folder, in diffusers' layout: what is written in it is what it is served from. */
final class ModelFolder {
    static final String UNET = "unet";
    static final String VAE = "vae";
    static final String TEXT = "text_encoder";
    static final String WEIGHTS = "diffusion_pytorch_model";
    static final String TEXT_WEIGHTS = "model";

    private static final ObjectWriter JSON = new JsonMapper().writerWithDefaultPrettyPrinter();

    private final Path path;

    ModelFolder(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Path part(String part) {
        return path.resolve(part);
    }

    /**
     * How large the networks are.
     *
     * @param vaeWidths channels of the autoencoder's levels
     * @param latents channels of the latents
     * @param unetWidths channels of the U-Net's levels
     * @param groups of the norms of both
     * @param textWidth of the text encoder
     * @param rows of its table
     */
    record Sizes(List<Integer> vaeWidths, int latents, List<Integer> unetWidths, int groups, int textWidth, int rows) {
        /** The default model's: 1,024 numbers for a picture of 64 x 64 with opacity. */
        static final Sizes DEFAULT = new Sizes(List.of(16, 32, 48, 96), 16, List.of(96, 160), 8, 192, 3584);
    }

    /**
     * How much is done at once; part of what a training is, as its steps depend on it.
     *
     * @param vae pictures of a step of the autoencoder
     * @param pair pictures of a step of the text encoder's first lesson and of the evaluator
     * @param unet pictures of a step of the U-Net
     * @param pool samples that are coded at a time for the U-Net, a multiple of {@code unet}
     * @param passes over these before the next are coded
     */
    record Work(int vae, int pair, int unet, int pool, int passes) {
        static final Work DEFAULT = new Work(8, 128, 64, 1024, 3);
    }

    /** Writes all configurations and the list of words. */
    void write(Sizes sizes, List<String> words) throws IOException {
        json(
                "model_index.json",
                map(
                        "_class_name", "StableDiffusionPipeline",
                        "text_encoder", List.of("troupe", WordTextConfig.NAME),
                        "tokenizer", List.of("troupe", "TroupeWordTokenizer"),
                        "unet", List.of("diffusers", "UNet2DConditionModel"),
                        "vae", List.of("diffusers", "AutoencoderKL"),
                        "scheduler", List.of("diffusers", "DDIMScheduler")));
        json("tokenizer/tokenizer_config.json", map("tokenizer_class", "TroupeWordTokenizer"));
        TensorFile.replace(
                path.resolve("tokenizer").resolve(WordTokenizer.FILE),
                String.join("\n", words).getBytes(StandardCharsets.UTF_8));
        json(
                "text_encoder/config.json",
                map(
                        "_class_name",
                        WordTextConfig.NAME,
                        "architectures",
                        List.of(WordTextConfig.NAME),
                        "vocab_size",
                        sizes.rows(),
                        "parts_per_word",
                        16,
                        "max_position_embeddings",
                        16,
                        "hidden_size",
                        sizes.textWidth(),
                        "intermediate_size",
                        4 * sizes.textWidth(),
                        "num_attention_heads",
                        4,
                        "num_hidden_layers",
                        2,
                        "projection_dim",
                        sizes.textWidth()));
        json(
                "scheduler/scheduler_config.json",
                map(
                        "_class_name",
                        "DDIMScheduler",
                        "num_train_timesteps",
                        1000,
                        "beta_schedule",
                        "squaredcos_cap_v2",
                        "beta_start",
                        0.0001,
                        "beta_end",
                        0.02,
                        "rescale_betas_zero_snr",
                        true,
                        "prediction_type",
                        "sample",
                        "timestep_spacing",
                        "trailing",
                        "clip_sample",
                        false,
                        "set_alpha_to_one",
                        true,
                        "steps_offset",
                        0));
        int side = EmojiData.SIDE >> (sizes.vaeWidths().size() - 1);
        int blocks = sizes.unetWidths().size();
        json(
                "unet/config.json",
                map(
                        "_class_name",
                        "UNet2DConditionModel",
                        "sample_size",
                        side,
                        "in_channels",
                        sizes.latents(),
                        "out_channels",
                        sizes.latents(),
                        "block_out_channels",
                        sizes.unetWidths(),
                        "layers_per_block",
                        1,
                        "down_block_types",
                        java.util.Collections.nCopies(blocks, "DownBlock2D"),
                        "mid_block_type",
                        "UNetMidBlock2DCrossAttn",
                        "up_block_types",
                        upBlocks(blocks),
                        "attention_head_dim",
                        4,
                        "use_linear_projection",
                        true,
                        "cross_attention_dim",
                        sizes.textWidth(),
                        "norm_num_groups",
                        sizes.groups(),
                        "resnet_time_scale_shift",
                        "scale_shift",
                        "class_embed_type",
                        "projection",
                        "projection_class_embeddings_input_dim",
                        sizes.textWidth()));
        vae(sizes, 1, 0);
    }

    /** Only the lowest level looks at the text: there a place costs least. */
    private static List<String> upBlocks(int blocks) {
        var types = new java.util.ArrayList<>(java.util.Collections.nCopies(blocks, "UpBlock2D"));
        types.set(0, "CrossAttnUpBlock2D");
        return types;
    }

    /** Writes the autoencoder's configuration. */
    void vae(Sizes sizes, double scale, double shift) throws IOException {
        int blocks = sizes.vaeWidths().size();
        json(
                "vae/config.json",
                map(
                        "_class_name",
                        "AutoencoderKL",
                        "in_channels",
                        Canvas.CHANNELS,
                        "out_channels",
                        Canvas.CHANNELS,
                        "latent_channels",
                        sizes.latents(),
                        "block_out_channels",
                        sizes.vaeWidths(),
                        "layers_per_block",
                        1,
                        "down_block_types",
                        java.util.Collections.nCopies(blocks, "DownEncoderBlock2D"),
                        "up_block_types",
                        java.util.Collections.nCopies(blocks, "UpDecoderBlock2D"),
                        "norm_num_groups",
                        sizes.groups(),
                        "mid_block_add_attention",
                        false,
                        "use_quant_conv",
                        false,
                        "use_post_quant_conv",
                        false,
                        "scaling_factor",
                        scale,
                        "shift_factor",
                        shift));
    }

    private void json(String name, Map<String, Object> content) throws IOException {
        TensorFile.replace(path.resolve(name), JSON.writeValueAsBytes(content));
    }

    private static Map<String, Object> map(Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    DiffusionConfig config() throws IOException {
        return DiffusionConfig.read(path);
    }

    WordTextConfig text() throws IOException {
        return (WordTextConfig) config().text();
    }

    WordTokenizer tokenizer() throws IOException {
        WordTextConfig text = text();
        return WordTokenizer.read(path.resolve("tokenizer"), text.rows(), text.positions(), text.parts());
    }

    boolean has(String part) {
        return Files.isRegularFile(weights(part));
    }

    void save(String part, Map<String, Learner.Tensor> tensors) throws IOException {
        TensorFile.write(weights(part), tensors);
    }

    private Path weights(String part) {
        return part(part).resolve(stem(part) + ".safetensors");
    }

    static String stem(String part) {
        return part.equals(TEXT) ? TEXT_WEIGHTS : WEIGHTS;
    }
}
