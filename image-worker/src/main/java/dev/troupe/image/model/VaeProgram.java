package dev.troupe.image.model;

/**
 * Writes the program of an autoencoder: {@code encode(x [R, P, H, W]) -> [R, C, H / f, W / f]}, the mean of the latents, and {@code decode},
 * the way back; pictures from -1 to 1, latents without scale and shift, all in float32 outside.
 */
final class VaeProgram {
    private final VaeConfig config;
    private final NetworkWriter out = new NetworkWriter();

    private VaeProgram(VaeConfig config) {
        this.config = config;
    }

    static NetworkWriter write(VaeConfig config) {
        var program = new VaeProgram(config);
        program.encoder();
        program.decoder();
        return program.out;
    }

    private void encoder() {
        int blocks = config.widths().size();
        int latents = config.latentChannels();
        int width = config.widths().get(0);
        out.method("moments(self: __torch__.M, x: Tensor) -> Tensor");
        int first = out.conv("encoder.conv_in", width, config.pictureChannels(), 3);
        out.line("h = self.conv(self.image(x), %d, 1, 1)", first);
        for (int i = 0; i < blocks; i++) {
            String block = "encoder.down_blocks." + i;
            int to = config.widths().get(i);
            for (int j = 0; j < config.layers(); j++) {
                out.resnet(block + ".resnets." + j, j == 0 ? width : to, to);
            }
            width = to;
            if (i < blocks - 1) {
                // One row and column of padding, right and below only.
                int conv = out.conv(block + ".downsamplers.0.conv", width, width, 3, 2, 0);
                out.line("h = self.conv(torch.constant_pad_nd(h, [0, 1, 0, 1], 0.), %d, 2, 0)", conv);
            }
        }
        middle("encoder", width);
        int norm = out.norm("encoder.conv_norm_out", width);
        out.conv("encoder.conv_out", 2 * latents, width, 3);
        out.line("h = self.norm_conv(h, %d)", norm);
        if (config.quantConv()) {
            out.line("h = self.conv(h, %d, 1, 0)", out.conv("quant_conv", 2 * latents, 2 * latents, 1));
        }
        out.line("return torch.contiguous(h.to(6))");
        out.method("encode(self: __torch__.M, x: Tensor) -> Tensor");
        out.line("return torch.contiguous(self.moments(x).narrow(1, 0, %d))", latents);
    }

    private void decoder() {
        int blocks = config.widths().size();
        int latents = config.latentChannels();
        int width = config.widths().get(blocks - 1);
        out.method("decode(self: __torch__.M, z: Tensor) -> Tensor");
        out.line("h = self.image(z)");
        if (config.postQuantConv()) {
            out.line("h = self.conv(h, %d, 1, 0)", out.conv("post_quant_conv", latents, latents, 1));
        }
        out.line("h = self.conv(h, %d, 1, 1)", out.conv("decoder.conv_in", width, latents, 3));
        middle("decoder", width);
        for (int i = 0; i < blocks; i++) {
            String block = "decoder.up_blocks." + i;
            int to = config.widths().get(blocks - 1 - i);
            for (int j = 0; j <= config.layers(); j++) {
                out.resnet(block + ".resnets." + j, j == 0 ? width : to, to);
            }
            width = to;
            if (i < blocks - 1) {
                int conv = out.conv(block + ".upsamplers.0.conv", width, width, 3);
                out.line("h = self.upsample(h, 2 * torch.size(h, 2), 2 * torch.size(h, 3), %d)", conv);
            }
        }
        int norm = out.norm("decoder.conv_norm_out", width);
        out.conv("decoder.conv_out", config.pictureChannels(), width, 3);
        out.line("return torch.contiguous(self.norm_conv(h, %d).to(6))", norm);
    }

    private void middle(String coder, int width) {
        out.resnet(coder + ".mid_block.resnets.0", width, width);
        if (config.attends()) {
            out.placeAttention(coder + ".mid_block.attentions.0", width);
        }
        out.resnet(coder + ".mid_block.resnets.1", width, width);
    }
}
