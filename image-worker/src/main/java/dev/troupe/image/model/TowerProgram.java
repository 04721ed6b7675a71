package dev.troupe.image.model;

import java.util.List;

/**
 * Writes the program of a small network that looks at a picture: {@code look(x [R, P, H, W]) -> [R, width]}, of length 1. Each level halves
 * the sides; the last is read place by place, so that it knows where things are.
 */
final class TowerProgram {
    private TowerProgram() {}

    /**
     * @param side of the pictures
     * @param widths channels of each level
     */
    static void write(int channels, int side, List<Integer> widths, int width, NetworkWriter out) {
        out.method("look(self: __torch__.M, x: Tensor) -> Tensor");
        out.line("h = x");
        int from = channels;
        int places = side;
        for (int i = 0; i < widths.size(); i++) {
            int conv = out.conv("vision.levels." + i + ".conv", widths.get(i), from, 3);
            int norm = out.norm("vision.levels." + i + ".norm", widths.get(i));
            out.line("h = torch.silu(self.group_norm(self.conv(h, %d, 2, 1), %d, self.EPS))", conv, norm);
            from = widths.get(i);
            places = (places + 1) / 2;
        }
        int last = out.linear("vision.projection", width, from * places * places);
        out.line("y = self.linear(torch.flatten(h, 1), %d)", last);
        out.line("return y / torch.linalg_vector_norm(y, 2, [1], True)");
    }
}
