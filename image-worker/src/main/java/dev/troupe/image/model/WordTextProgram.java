package dev.troupe.image.model;

import java.util.List;

/**
 * Writes the program of our own text encoder: {@code read(ids [R, M, K]) -> [R, M, hidden], [R, pooled]} in float32; K are the parts of
 * the word at a place, 0 for none.
 */
final class WordTextProgram {
    private WordTextProgram() {}

    static void write(WordTextConfig config, NetworkWriter out) {
        int hidden = config.hidden();
        out.method("read(self: __torch__.M, ids: Tensor) -> List[Tensor]");
        int parts = out.weight("embeddings.part_embedding.weight", config.rows(), hidden);
        int places = out.weight("embeddings.position_embedding.weight", config.positions(), hidden);
        out.line("here = torch.ne(ids, 0).to(6)");
        out.line("h = torch.sum(torch.embedding(self.w[%d], ids) * here.unsqueeze(3), [2])", parts);
        out.line("h = h / torch.sqrt(torch.clamp(torch.sum(here, [2], True), 1.)) + self.w[%d]", places);
        for (int i = 0; i < config.layers(); i++) {
            String layer = "encoder.layers." + i;
            int norm = out.norm(layer + ".layer_norm1", hidden);
            int qkv = out.fused(layer + ".self_attn", List.of("q_proj", "k_proj", "v_proj"), hidden, hidden, true);
            int attended = out.linear(layer + ".self_attn.out_proj", hidden, hidden);
            int norm2 = out.norm(layer + ".layer_norm2", hidden);
            int up = out.linear(layer + ".mlp.fc1", config.intermediate(), hidden);
            int down = out.linear(layer + ".mlp.fc2", hidden, config.intermediate());
            out.line("q, k, v = torch.chunk(self.linear(self.layer_norm(h, %d), %d), 3, 2)", norm, qkv);
            out.line("h = h + self.linear(self.attend(q, k, v, %d, False), %d)", config.heads(), attended);
            out.line("m = torch.gelu(self.linear(self.layer_norm(h, %d), %d))", norm2, up);
            out.line("h = h + self.linear(m, %d)", down);
        }
        out.line("h = self.layer_norm(h, %d)", out.norm("final_layer_norm", hidden));
        int whole = out.weight("text_projection.weight", config.pooled(), hidden);
        out.line("return [torch.contiguous(h), torch.linear(h.select(1, 0), self.w[%d])]", whole);
    }
}
