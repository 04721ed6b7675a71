package dev.troupe.bench.dialogue;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/** Pictures of which the answers are known. */
final class Drawn {
    static final Color NONE = new Color(0, true);

    private Drawn() {}

    static BufferedImage image(int side, Color background, Consumer<Graphics2D> drawing) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setBackground(background);
        graphics.clearRect(0, 0, side, side);
        drawing.accept(graphics);
        graphics.dispose();
        return image;
    }

    /** A disc with a black outline and black eyes, as an emoji has them. */
    static BufferedImage disc(int side, Color background, Color fill, int radius) {
        return image(side, background, graphics -> {
            int from = side / 2 - radius;
            graphics.setColor(fill);
            graphics.fillOval(from, from, 2 * radius, 2 * radius);
            graphics.setColor(Color.BLACK);
            graphics.setStroke(new BasicStroke(2));
            graphics.drawOval(from, from, 2 * radius, 2 * radius);
            graphics.fillRect(side / 2 - 6, side / 2 - 4, 3, 3);
            graphics.fillRect(side / 2 + 3, side / 2 - 4, 3, 3);
        });
    }

    static Raster raster(BufferedImage image) {
        return new Raster(
                image.getWidth(),
                image.getHeight(),
                image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()));
    }

    static byte[] png(BufferedImage image) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String base64(BufferedImage image) {
        return Base64.getEncoder().encodeToString(png(image));
    }
}
