package dev.troupe.image.model;

import dev.troupe.models.weights.Json;
import java.util.Collections;
import java.util.List;

/**
 * A variational autoencoder between pictures and latents (Kingma, Welling 2014; the form of Esser, Rombach, Ommer: Taming Transformers,
 * 2021).
 *
 * @param pictureChannels 3, or 4 with transparency
 * @param latentChannels of the latents
 * @param widths channels of each block, the one nearest the picture first
 * @param layers resnets of a block of the encoder; the decoder has one more
 * @param attends whether the middle has attention
 * @param scale what encoded latents are multiplied by for the U-Net
 * @param shift what is taken off before
 * @param quantConv and {@code postQuantConv}: whether there is a convolution of one place between latents and coder
 */
public record VaeConfig(
        int pictureChannels,
        int latentChannels,
        List<Integer> widths,
        int layers,
        int groups,
        boolean attends,
        double scale,
        double shift,
        boolean quantConv,
        boolean postQuantConv) {
    private static final int MAX_BLOCKS = 8;

    public VaeConfig {
        widths = List.copyOf(widths);
    }

    /** Places of the picture for one of the latents, along a side. */
    public int factor() {
        return 1 << (widths.size() - 1);
    }

    /**
     * Reads {@code vae/config.json}.
     *
     * @throws dev.troupe.models.ModelFormatException if a value is missing, impossible or not supported
     */
    public static VaeConfig read(Json json) {
        Keys.only(json, "_class_name", "AutoencoderKL");
        Keys.only(json, "act_fn", "silu");
        Keys.absent(json, "latents_mean", "latents_std");
        List<Integer> widths = Keys.list(json, "block_out_channels", Keys.MAX_WIDTH);
        int n = widths.size();
        if (n < 1 || n > MAX_BLOCKS) {
            throw json.wrong("block_out_channels", "has " + n + " blocks, outside 1 to " + MAX_BLOCKS);
        }
        onlyBlocks(json, "down_block_types", Collections.nCopies(n, "DownEncoderBlock2D"));
        onlyBlocks(json, "up_block_types", Collections.nCopies(n, "UpDecoderBlock2D"));
        int pictureChannels = Keys.count(json, "in_channels", 4);
        if (pictureChannels < 3 || pictureChannels != json.requireNatural("out_channels")) {
            throw Keys.refused(json, "in_channels", pictureChannels);
        }
        int groups = Keys.countOr(json, "norm_num_groups", 32, Keys.MAX_WIDTH);
        widths.forEach(width -> Keys.divides(json, "norm_num_groups", groups, width));
        double scale = json.number("scaling_factor").orElse(0.18215);
        if (!(scale > 0) || !Double.isFinite(scale)) {
            throw json.wrong("scaling_factor", "is " + scale);
        }
        return new VaeConfig(
                pictureChannels,
                Keys.count(json, "latent_channels", Keys.MAX_WIDTH),
                widths,
                Keys.count(json, "layers_per_block", Keys.MAX_DEPTH),
                groups,
                json.bool("mid_block_add_attention").orElse(true),
                scale,
                json.number("shift_factor").orElse(0),
                json.bool("use_quant_conv").orElse(true),
                json.bool("use_post_quant_conv").orElse(true));
    }

    private static void onlyBlocks(Json json, String key, List<String> known) {
        List<String> types = Keys.words(json, key);
        if (!types.equals(known)) {
            throw Keys.refused(json, key, types);
        }
    }
}
