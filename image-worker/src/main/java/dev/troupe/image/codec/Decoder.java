package dev.troupe.image.codec;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.troupe.cluster.picture.PictureHeader;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/** Java's own readers, and one of WebP that is written in Java. */
final class Decoder {
    private Decoder() {}

    /** @throws PictureException when it is damaged */
    static Pixels decode(PictureHeader header, byte[] bytes) {
        ImageReader reader = reader(header);
        List<String> warnings = new ArrayList<>();
        IIOReadWarningListener listener = (source, warning) -> warnings.add(warning);
        try (ImageInputStream in = new EndingStream(bytes)) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener(listener);
            ImageReadParam param = reader.getDefaultReadParam();
            BufferedImage image = reader.read(0, param);
            if (warnings.stream().anyMatch(Decoder::isDamage)) {
                throw damaged(header, null);
            }
            return pixels(image);
        } catch (IOException | RuntimeException e) {
            if (e instanceof PictureException known) {
                throw known;
            }
            // The readers throw whatever comes to them of files that are made to be wrong.
            throw damaged(header, e);
        } finally {
            reader.dispose();
        }
    }

    private static PictureException damaged(PictureHeader header, Throwable cause) {
        return new PictureException("it is a " + header.type() + " that is cut off or damaged", cause);
    }

    /** Of a JPEG that ends too early libjpeg makes up the rest, in grey. */
    private static boolean isDamage(String warning) {
        String words = warning.toLowerCase(java.util.Locale.ROOT);
        return words.contains("premature") || words.contains("corrupt") || words.contains("truncated");
    }

    private static ImageReader reader(PictureHeader header) {
        return switch (header.type()) {
            case PNG -> ofJava("png");
            case JPEG -> ofJava("jpeg");
            case WEBP -> new WebPImageReaderSpi().createReaderInstance(null);
        };
    }

    /** Never one that a library has registered. */
    private static ImageReader ofJava(String format) {
        var readers = ImageIO.getImageReadersByFormatName(format);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if ("java.desktop".equals(reader.getClass().getModule().getName())) {
                return reader;
            }
        }
        throw new IllegalStateException("Java has no reader of " + format);
    }

    private static Pixels pixels(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        boolean grey = image.getColorModel().getNumColorComponents() == 1
                && !(image.getColorModel() instanceof java.awt.image.IndexColorModel);
        int[] argb = grey ? grey(raster) : image.getRGB(0, 0, width, height, null, 0, width);
        return new Pixels(width, height, argb);
    }

    /** Java takes grey for linear light and would lighten it; in files it is as dark as red, green and blue of the same number. */
    private static int[] grey(Raster raster) {
        int width = raster.getWidth();
        int count = width * raster.getHeight();
        int shift = raster.getSampleModel().getDataType() == DataBuffer.TYPE_USHORT ? 8 : 0;
        boolean hasOpacity = raster.getNumBands() > 1;
        int[] argb = new int[count];
        for (int i = 0; i < count; i++) {
            int value = raster.getSample(i % width, i / width, 0) >> shift;
            int opacity = hasOpacity ? raster.getSample(i % width, i / width, 1) >> shift : 0xff;
            argb[i] = opacity << 24 | value << 16 | value << 8 | value;
        }
        return argb;
    }
}
