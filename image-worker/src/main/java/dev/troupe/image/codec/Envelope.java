package dev.troupe.image.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What is said beside the picture, put where each format has it: PNG's texts, JPEG's APP1, WebP's chunk {@code XMP }. */
final class Envelope {
    /** Of a PNG: the signature and the header. */
    private static final int PNG_HEAD = 8 + 25;

    private static final byte[] XMP_IN_JPEG = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.US_ASCII);
    private static final int RIFF_HEAD = 12;
    private static final int HAS_XMP = 0x04;
    private static final int HAS_ALPHA = 0x10;

    private Envelope() {}

    static byte[] png(byte[] file, Provenance provenance) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 2_000);
        out.write(file, 0, PNG_HEAD);
        out.writeBytes(Chunks.pngText("parameters", provenance.parameters()));
        out.writeBytes(Chunks.pngText("XML:com.adobe.xmp", provenance.xmp()));
        out.write(file, PNG_HEAD, file.length - PNG_HEAD);
        return out.toByteArray();
    }

    static byte[] jpeg(byte[] file, Provenance provenance) {
        // JFIF's own part stays first.
        int at = (file[3] & 0xff) == 0xe0 ? 4 + (((file[4] & 0xff) << 8) | (file[5] & 0xff)) : 2;
        byte[] xmp = provenance.xmp().getBytes(StandardCharsets.UTF_8);
        int length = 2 + XMP_IN_JPEG.length + xmp.length;
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + length + 2);
        out.write(file, 0, at);
        out.writeBytes(new byte[] {(byte) 0xff, (byte) 0xe1, (byte) (length >> 8), (byte) length});
        out.writeBytes(XMP_IN_JPEG);
        out.writeBytes(xmp);
        out.write(file, at, file.length - at);
        return out.toByteArray();
    }

    /** In WebP's extended form, whose first chunk says what follows. */
    static byte[] webp(byte[] file, Pixels pixels, Provenance provenance) {
        int extended = Chunks.find(file, RIFF_HEAD, "VP8X", ByteOrder.LITTLE_ENDIAN);
        int body = extended < 0 ? RIFF_HEAD : extended + 10;
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + 2_000);
        out.writeBytes(Chunks.riff("VP8X", extendedHeader(pixels)));
        out.write(file, body, file.length - body);
        out.writeBytes(Chunks.riff("XMP ", provenance.xmp().getBytes(StandardCharsets.UTF_8)));
        byte[] chunks = out.toByteArray();
        return ByteBuffer.allocate(RIFF_HEAD + chunks.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(4 + chunks.length)
                .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                .put(chunks)
                .array();
    }

    private static byte[] extendedHeader(Pixels pixels) {
        int width = pixels.width() - 1;
        int height = pixels.height() - 1;
        return new byte[] {
            (byte) (HAS_XMP | (pixels.isOpaque() ? 0 : HAS_ALPHA)),
            0,
            0,
            0,
            (byte) width,
            (byte) (width >> 8),
            (byte) (width >> 16),
            (byte) height,
            (byte) (height >> 8),
            (byte) (height >> 16)
        };
    }
}
