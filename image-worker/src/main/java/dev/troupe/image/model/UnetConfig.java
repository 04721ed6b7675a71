package dev.troupe.image.model;

import dev.troupe.models.weights.Json;
import java.util.Collections;
import java.util.List;

/**
 * A U-Net with attention to a text (Rombach and others: High-Resolution Image Synthesis with Latent Diffusion Models, 2022), in
 * diffusers' words. Lists go by block on the way down.
 *
 * @param channels of the latents, in and out
 * @param widths channels of each block
 * @param layers resnets of each block on the way down; one more on the way up
 * @param downAttends whether a block on the way down has attention
 * @param upAttends the same on the way up, where the first block is the lowest
 * @param middle whether there is a block between down and up
 * @param heads of the attention of each block
 * @param depths layers of the transformers of each block
 * @param textWidth width of the text's embeddings
 * @param flipSinToCos whether the cosines of the time come first
 * @param scaleShift whether the time scales and shifts what it meets, and is not only added (Dhariwal, Nichol: Diffusion Models Beat GANs
 *     on Image Synthesis, 2021, section 4)
 * @param pooledWidth width of one vector for the whole text that is added to the time's embedding; 0 for none
 */
public record UnetConfig(
        int channels,
        int sampleSize,
        List<Integer> widths,
        List<Integer> layers,
        List<Boolean> downAttends,
        List<Boolean> upAttends,
        boolean middle,
        List<Integer> heads,
        List<Integer> depths,
        int textWidth,
        int groups,
        double eps,
        boolean flipSinToCos,
        double freqShift,
        boolean scaleShift,
        int pooledWidth) {
    private static final int MAX_BLOCKS = 8;

    public UnetConfig {
        widths = List.copyOf(widths);
        layers = List.copyOf(layers);
        downAttends = List.copyOf(downAttends);
        upAttends = List.copyOf(upAttends);
        heads = List.copyOf(heads);
        depths = List.copyOf(depths);
    }

    int blocks() {
        return widths.size();
    }

    /** By how much the latents' sides are divided on the way down. */
    public int shrink() {
        return 1 << (blocks() - 1);
    }

    /** Width of the time's embedding. */
    int timeWidth() {
        return widths.get(0) * 4;
    }

    /**
     * Reads {@code unet/config.json}.
     *
     * @throws dev.troupe.models.ModelFormatException if a value is missing, impossible or not supported
     */
    public static UnetConfig read(Json json) {
        refuseOtherNetworks(json);
        List<Integer> widths = Keys.list(json, "block_out_channels", Keys.MAX_WIDTH);
        int n = widths.size();
        if (n < 1 || n > MAX_BLOCKS) {
            throw json.wrong("block_out_channels", "has " + n + " blocks, outside 1 to " + MAX_BLOCKS);
        }
        int channels = Keys.count(json, "in_channels", Keys.MAX_WIDTH);
        if (channels != Keys.count(json, "out_channels", Keys.MAX_WIDTH)) {
            throw json.unsupported(
                    "in_channels",
                    channels,
                    "use the model's form for text to image: a U-Net that also takes a mask or a picture as channels is"
                            + " another network, and any U-Net can inpaint here");
        }
        List<Integer> text = Keys.counts(json, "cross_attention_dim", n, Keys.MAX_WIDTH);
        if (text.stream().distinct().count() != 1) {
            throw Keys.refused(json, "cross_attention_dim", text);
        }
        // What diffusers calls the width of a head has always been their number; the right name came later.
        String headsKey = json.node().hasNonNull("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
        var config = new UnetConfig(
                channels,
                json.natural("sample_size").orElse(64),
                widths,
                Keys.counts(json, "layers_per_block", n, Keys.MAX_DEPTH),
                attends(json, "down_block_types", "DownBlock2D", "CrossAttnDownBlock2D", n),
                attends(json, "up_block_types", "UpBlock2D", "CrossAttnUpBlock2D", n),
                middle(json),
                Keys.counts(json, headsKey, n, Keys.MAX_WIDTH),
                json.node().hasNonNull("transformer_layers_per_block")
                        ? Keys.counts(json, "transformer_layers_per_block", n, Keys.MAX_DEPTH)
                        : Collections.nCopies(n, 1),
                text.get(0),
                Keys.countOr(json, "norm_num_groups", 32, Keys.MAX_WIDTH),
                json.number("norm_eps").orElse(1e-5),
                json.bool("flip_sin_to_cos").orElse(true),
                json.number("freq_shift").orElse(0),
                scaleShift(json),
                pooled(json));
        for (int i = 0; i < n; i++) {
            Keys.divides(json, "norm_num_groups", config.groups, widths.get(i));
            Keys.divides(json, headsKey, config.heads.get(i), widths.get(i));
        }
        Keys.divides(json, "block_out_channels", 2, widths.get(0)); // sines and cosines of the time
        return config;
    }

    private static List<Boolean> attends(Json json, String key, String plain, String attending, int n) {
        List<String> types = Keys.words(json, key);
        if (types.size() != n) {
            throw json.wrong(key, "has " + types.size() + " entries for " + n + " blocks");
        }
        return types.stream()
                .map(type -> {
                    if (!type.equals(plain) && !type.equals(attending)) {
                        throw Keys.refused(json, key, "'" + type + "'");
                    }
                    return type.equals(attending);
                })
                .toList();
    }

    /** Distilled models leave the middle out, by a null; a key that is not there means the usual one. */
    private static boolean middle(Json json) {
        if (json.node().has("mid_block_type")
                && json.node().get("mid_block_type").isNull()) {
            return false;
        }
        Keys.only(json, "mid_block_type", "UNetMidBlock2DCrossAttn");
        return true;
    }

    private static boolean scaleShift(Json json) {
        String way = json.string("resnet_time_scale_shift").orElse("default");
        if (!way.equals("default") && !way.equals("scale_shift")) {
            throw Keys.refused(json, "resnet_time_scale_shift", "'" + way + "'");
        }
        return way.equals("scale_shift");
    }

    private static int pooled(Json json) {
        if (!json.node().hasNonNull("class_embed_type")) {
            return 0;
        }
        Keys.only(json, "class_embed_type", "projection");
        return Keys.count(json, "projection_class_embeddings_input_dim", Keys.MAX_WIDTH);
    }

    private static void refuseOtherNetworks(Json json) {
        Keys.only(json, "_class_name", "UNet2DConditionModel");
        Keys.only(json, "act_fn", "silu");
        Keys.only(json, "downsample_padding", 1);
        Keys.only(json, "conv_in_kernel", 3);
        Keys.only(json, "conv_out_kernel", 3);
        Keys.only(json, "mid_block_scale_factor", 1);
        Keys.only(json, "resnet_out_scale_factor", 1);
        Keys.only(json, "time_embedding_type", "positional");
        Keys.only(json, "attention_type", "default");
        for (String flag : new String[] {
            "center_input_sample",
            "dual_cross_attention",
            "only_cross_attention",
            "mid_block_only_cross_attention",
            "resnet_skip_time_act",
            "class_embeddings_concat"
        }) {
            Keys.only(json, flag, false);
        }
        Keys.absent(
                json,
                "addition_embed_type",
                "num_class_embeds",
                "encoder_hid_dim",
                "encoder_hid_dim_type",
                "cross_attention_norm",
                "time_embedding_dim",
                "time_embedding_act_fn",
                "timestep_post_act",
                "time_cond_proj_dim",
                "reverse_transformer_layers_per_block");
    }
}
