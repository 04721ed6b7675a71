package dev.troupe.image.train;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Many pictures on one page, on light ground, to look at. */
final class Sheet {
    private static final int GAP = 4;

    private Sheet() {}

    static void write(Path file, List<Canvas> pictures, int columns) throws IOException {
        int side = pictures.get(0).side();
        int rows = (pictures.size() + columns - 1) / columns;
        var page =
                new BufferedImage(columns * (side + GAP) + GAP, rows * (side + GAP) + GAP, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < page.getHeight(); y++) {
            for (int x = 0; x < page.getWidth(); x++) {
                page.setRGB(x, y, 0xE8E8E8);
            }
        }
        for (int n = 0; n < pictures.size(); n++) {
            int left = GAP + n % columns * (side + GAP);
            int top = GAP + n / columns * (side + GAP);
            for (int i = 0; i < side * side; i++) {
                page.setRGB(left + i % side, top + i / side, rgb(pictures.get(n), i));
            }
        }
        ImageIO.write(page, "png", file.toFile());
    }

    private static int rgb(Canvas picture, int place) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
            float value = picture.at(c, place) + (1 - picture.at(3, place));
            rgb = (rgb << 8) | Math.round(255 * Math.min(1, Math.max(0, value)));
        }
        return rgb;
    }
}
