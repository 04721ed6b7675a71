package dev.troupe.image.model;

import java.util.List;

/**
 * Writes the program of a CLIP text encoder (Radford and others 2021): {@code encode(ids [R, M]) -> [R, M, hidden]} in float32, the stream
 * after the last layer that is used, normalised.
 */
final class ClipProgram {
    private ClipProgram() {}

    static NetworkWriter write(ClipConfig config) {
        var out = new NetworkWriter();
        int hidden = config.hidden();
        out.method("encode(self: __torch__.M, ids: Tensor) -> Tensor");
        int tokens = out.weight("embeddings.token_embedding.weight", config.vocab(), hidden);
        int places = out.weight("embeddings.position_embedding.weight", config.positions(), hidden);
        out.line("h = torch.embedding(self.w[%d], ids) + self.w[%d].unsqueeze(0)", tokens, places);
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layers." + i;
            int norm = out.norm(layer + ".layer_norm1", hidden);
            int qkv = out.fused(layer + ".self_attn", List.of("q_proj", "k_proj", "v_proj"), hidden, hidden, true);
            int attended = out.linear(layer + ".self_attn.out_proj", hidden, hidden);
            int norm2 = out.norm(layer + ".layer_norm2", hidden);
            int up = out.linear(layer + ".mlp.fc1", config.intermediate(), hidden);
            int down = out.linear(layer + ".mlp.fc2", hidden, config.intermediate());
            if (i < config.layers() - config.skip()) {
                out.line("q, k, v = torch.chunk(self.linear(self.layer_norm(h, %d), %d), 3, 2)", norm, qkv);
                out.line("h = h + self.linear(self.attend(q, k, v, %d, True), %d)", config.heads(), attended);
                out.line("m = self.linear(self.layer_norm(h, %d), %d)", norm2, up);
                out.line(config.quickGelu() ? "a = m * torch.sigmoid(m * 1.702)" : "a = torch.gelu(m)");
                out.line("h = h + self.linear(a, %d)", down);
            }
        }
        out.line("return self.layer_norm(h, %d).to(6)", out.norm("final_layer_norm", hidden));
        return out;
    }
}
