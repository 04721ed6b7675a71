package dev.troupe.image.model;

/** Writes what a program is to get better at, as methods that end in a step of descent ({@code learning.py}). */
final class Losses {
    private static final String PACE = "rate: Tensor, mean: Tensor) -> List[Tensor]";
    private static final String STEP = "self.descend(loss, %s, float(rate), float(mean))";

    private Losses() {}

    private static NetworkWriter begin(NetworkWriter out, String name, String arguments) {
        return out.method(name + "(self: __torch__.M, " + arguments + ", " + PACE)
                .line("torch.set_grad_enabled(True)");
    }

    private static void end(NetworkWriter out, String inputs) {
        out.line("return " + STEP, inputs);
    }

    /**
     * For a U-Net that estimates the picture: {@code denoise(clean [R, C, H, W], noise, signal [R, 1, 1, 1], spread, share, t [R], text,
     * pooled)}; {@code share} is how much a row counts. Answers also the gradients to text and pooled.
     */
    static void denoise(NetworkWriter out) {
        begin(
                out,
                "denoise",
                "clean: Tensor, noise: Tensor, signal: Tensor, spread: Tensor, share: Tensor, t: Tensor, text0: Tensor,"
                        + " pooled0: Tensor");
        out.line("text = torch.requires_grad_(torch.clone(text0), True)");
        out.line("pooled = torch.requires_grad_(torch.clone(pooled0), True)");
        out.line("wrong = self.step(clean * signal + noise * spread, t, text, pooled) - clean");
        out.line("loss = torch.mean(wrong * wrong * share)");
        end(out, "[text, pooled]");
    }

    /** For a text encoder whose reader sends gradients back: {@code follow(ids, tokens, pooled)}. */
    static void follow(NetworkWriter out) {
        begin(out, "follow", "ids: Tensor, tokens: Tensor, pooled: Tensor");
        out.line("answer = self.read(ids)");
        out.line("loss = torch.sum(answer[0] * tokens) + torch.sum(answer[1] * pooled)");
        end(out, "annotate(List[Tensor], [])");
    }

    /**
     * For an autoencoder of pictures with opacity: {@code autoencode(x [R, 4, H, W], noise [R, C, H / f, W / f])}. A colour counts as much as
     * it is seen; a little also where nothing is, so that edges stay clean. Differences between neighbours count too: they are what the eye
     * calls sharp; and so do means over small squares, and
     * there once more what is redder than green and bluer than both, without which colours are learned last.
     */
    static void autoencode(NetworkWriter out) {
        out.method("seen(self: __torch__.M, x: Tensor) -> Tensor");
        out.line("y = (x + 1.) * 0.5");
        out.line("return torch.cat([y.narrow(1, 0, 3) * y.narrow(1, 3, 1), y.narrow(1, 3, 1)], 1)");
        out.method("apart(self: __torch__.M, x: Tensor, y: Tensor) -> Tensor");
        out.line("d = self.seen(x) - self.seen(y)");
        out.line("down = torch.diff(d, 1, 2)");
        out.line("across = torch.diff(d, 1, 3)");
        out.line("edges = torch.mean(torch.abs(down)) + torch.mean(torch.abs(across))");
        out.line("wide = torch.avg_pool2d(d, [4, 4])");
        out.line("r, g, b, o = torch.chunk(wide, 4, 1)");
        out.line("hue = torch.mean(torch.abs(r - g)) + torch.mean(torch.abs(b - (r + g) * 0.5))");
        out.line("seen = torch.mean(torch.abs(d)) + edges * 0.5 + torch.mean(torch.abs(wide)) + hue");
        out.line("return seen + torch.mean(torch.abs(x - y)) * 0.02");
        begin(out, "autoencode", "x: Tensor, noise: Tensor");
        out.line("mean0, log0 = torch.chunk(self.moments(x), 2, 1)");
        out.line("log = torch.clamp(log0, -20., 10.)");
        out.line("y = self.decode(mean0 + noise * torch.exp(log * 0.5))");
        out.line("far = torch.mean(mean0 * mean0 + torch.exp(log) - log - 1.) * 0.5");
        out.line("loss = self.apart(x, y) + far * 0.0002");
        end(out, "annotate(List[Tensor], [])");
    }

    /** For the way back alone: {@code polish(x, noise)}, where noise is added to the latents as it is. The way there learns nothing. */
    static void polish(NetworkWriter out, int latents) {
        begin(out, "polish", "x: Tensor, noise: Tensor");
        out.line("torch.set_grad_enabled(False)");
        out.line("z = self.moments(x).narrow(1, 0, %d) + noise", latents);
        out.line("torch.set_grad_enabled(True)");
        out.line("loss = self.apart(x, self.decode(z))");
        end(out, "annotate(List[Tensor], [])");
    }

    /**
     * For texts and pictures that belong together, row by row: {@code match(ids, x)} (Radford and others: Learning Transferable Visual
     * Models From Natural Language Supervision, 2021, figure 3).
     */
    static void match(NetworkWriter out) {
        out.method("say(self: __torch__.M, ids: Tensor) -> Tensor");
        out.line("y = self.read(ids)[1]");
        out.line("return y / torch.linalg_vector_norm(y, 2, [1], True)");
        int scale = out.weight("logit_scale", 1);
        begin(out, "match", "ids: Tensor, x: Tensor");
        out.line("alike = torch.matmul(self.look(x), self.say(ids).transpose(0, 1))");
        out.line("alike = alike * torch.exp(torch.clamp(self.w[%d], None, 4.6))", scale);
        out.line("rows = torch.arange(torch.size(ids, 0), dtype=4, device=ids.device)");
        out.line(
                "loss = (torch.cross_entropy_loss(alike, rows) + torch.cross_entropy_loss(alike.transpose(0, 1), rows)) * 0.5");
        end(out, "annotate(List[Tensor], [])");
    }
}
