package dev.troupe.image.codec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** The parts of PNG (length, name, data, checksum) and of RIFF, which WebP is (name, length, data, even). */
final class Chunks {
    private Chunks() {}

    /** @param order of the lengths, which says which of the two it is; @return where its data begin; -1: nowhere */
    static int find(byte[] bytes, int first, String name, ByteOrder order) {
        boolean png = order == ByteOrder.BIG_ENDIAN;
        ByteBuffer in = ByteBuffer.wrap(bytes).order(order);
        int at = first;
        while (at >= 0 && at + 8 <= bytes.length) {
            int length = in.getInt(png ? at : at + 4);
            if (name.equals(new String(bytes, png ? at + 4 : at, 4, StandardCharsets.ISO_8859_1))) {
                return at + 8;
            }
            at = length < 0 ? -1 : at + 8 + length + (png ? 4 : length & 1);
        }
        return -1;
    }

    static byte[] png(String name, byte[] data) {
        CRC32 sum = new CRC32();
        byte[] named = name.getBytes(StandardCharsets.US_ASCII);
        sum.update(named);
        sum.update(data);
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(named)
                .put(data)
                .putInt((int) sum.getValue())
                .array();
    }

    /** International text, not compressed. */
    static byte[] pngText(String keyword, String text) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        data.writeBytes(new byte[5]); // end of the keyword, no compression, no language, no translation
        data.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return png("iTXt", data.toByteArray());
    }

    static byte[] riff(String name, byte[] data) {
        return ByteBuffer.allocate(8 + data.length + (data.length & 1))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putInt(data.length)
                .put(data)
                .array();
    }
}
