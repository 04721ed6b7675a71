package dev.troupe.image.model;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes the program of a U-Net: {@code step(x [R, C, H, W], t [R], text [R, M, D]) -> [R, C, H, W]}, all in float32 outside; with one
 * argument more, {@code pooled [R, P]}, where the configuration has a vector for the whole text. Rows know nothing of each other: each has
 * its own time and text.
 */
final class UnetProgram {
    private final UnetConfig config;
    private final NetworkWriter out = new NetworkWriter();
    private final Deque<Integer> skips = new ArrayDeque<>(); // channels of what goes across

    private UnetProgram(UnetConfig config) {
        this.config = config;
    }

    static NetworkWriter write(UnetConfig config) {
        var program = new UnetProgram(config);
        program.write();
        return program.out;
    }

    private void write() {
        time();
        if (config.pooledWidth() > 0) {
            whole();
        }
        int width = config.widths().get(0);
        boolean pooled = config.pooledWidth() > 0;
        out.method("step(self: __torch__.M, x: Tensor, t: Tensor, text32: Tensor" + (pooled ? ", pooled: Tensor" : "")
                + ") -> Tensor");
        out.line(pooled ? "time = torch.silu(self.time(t) + self.whole(pooled))" : "time = torch.silu(self.time(t))");
        out.line("text = text32.to(self.DTYPE)");
        out.line("skips = annotate(List[Tensor], [])");
        out.line("h = self.conv(self.image(x), %d, 1, 1)", out.conv("conv_in", width, config.channels(), 3));
        push(width);
        for (int i = 0; i < config.blocks(); i++) {
            width = down(i, width);
        }
        if (config.middle()) {
            resnet("mid_block.resnets.0", width, width);
            transformer("mid_block.attentions.0", config.blocks() - 1);
            resnet("mid_block.resnets.1", width, width);
        }
        for (int i = 0; i < config.blocks(); i++) {
            width = up(i, width);
        }
        int norm = out.norm("conv_norm_out", width);
        out.conv("conv_out", config.channels(), width, 3);
        out.line("return torch.contiguous(self.norm_conv(h, %d).to(6))", norm);
    }

    /**
     * Sines and cosines of the time (Vaswani and others: Attention Is All You Need, 2017, section 3.5) through two layers. */
    private void time() {
        int sines = config.widths().get(0);
        out.method("time(self: __torch__.M, t: Tensor) -> Tensor");
        out.line("at = torch.arange(%d, dtype=6, device=t.device)", sines / 2);
        out.line("angle = t.to(6).unsqueeze(1) * torch.exp(at * self.TIME_DECAY).unsqueeze(0)");
        out.line(
                config.flipSinToCos()
                        ? "waves = torch.cat([torch.cos(angle), torch.sin(angle)], 1)"
                        : "waves = torch.cat([torch.sin(angle), torch.cos(angle)], 1)");
        int first = out.linear("time_embedding.linear_1", config.timeWidth(), sines);
        int second = out.linear("time_embedding.linear_2", config.timeWidth(), config.timeWidth());
        out.line("hidden = torch.silu(self.linear(waves.to(self.DTYPE), %d))", first);
        out.line("return self.linear(hidden, %d)", second);
    }

    /** The vector of the whole text through two layers. */
    private void whole() {
        out.method("whole(self: __torch__.M, pooled: Tensor) -> Tensor");
        int first = out.linear("class_embedding.linear_1", config.timeWidth(), config.pooledWidth());
        int second = out.linear("class_embedding.linear_2", config.timeWidth(), config.timeWidth());
        out.line("hidden = torch.silu(self.linear(pooled.to(self.DTYPE), %d))", first);
        out.line("return self.linear(hidden, %d)", second);
    }

    private void resnet(String name, int in, int width) {
        out.timedResnet(name, in, width, config.timeWidth(), config.scaleShift());
    }

    private void push(int width) {
        skips.push(width);
        out.line("skips.append(h)");
    }

    private int down(int block, int from) {
        int width = config.widths().get(block);
        String name = "down_blocks." + block;
        for (int i = 0; i < config.layers().get(block); i++) {
            resnet(name + ".resnets." + i, i == 0 ? from : width, width);
            if (config.downAttends().get(block)) {
                transformer(name + ".attentions." + i, block);
            }
            push(width);
        }
        if (block < config.blocks() - 1) {
            out.line("h = self.conv(h, %d, 2, 1)", out.conv(name + ".downsamplers.0.conv", width, width, 3, 2, 1));
            push(width);
        }
        return width;
    }

    /** @param block counted from the lowest */
    private int up(int block, int from) {
        int level = config.blocks() - 1 - block;
        int width = config.widths().get(level);
        String name = "up_blocks." + block;
        for (int i = 0; i <= config.layers().get(level); i++) {
            int in = (i == 0 ? from : width) + skips.pop();
            out.line("h = torch.cat([h, skips.pop()], 1)");
            resnet(name + ".resnets." + i, in, width);
            if (config.upAttends().get(block)) {
                transformer(name + ".attentions." + i, level);
            }
        }
        if (level > 0) {
            // To the size of what comes across next, which differs from twice the size where a side was odd.
            int conv = out.conv(name + ".upsamplers.0.conv", width, width, 3);
            out.line("h = self.upsample(h, torch.size(skips[-1], 2), torch.size(skips[-1], 3), %d)", conv);
        }
        return width;
    }

    private void transformer(String name, int level) {
        out.transformer(
                name,
                config.widths().get(level),
                config.textWidth(),
                config.heads().get(level),
                config.depths().get(level));
    }
}
