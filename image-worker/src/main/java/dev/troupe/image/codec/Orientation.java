package dev.troupe.image.codec;

import dev.troupe.cluster.picture.PictureType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** How a camera was held: Exif's tag 274, in its eight values from 1. */
enum Orientation {
    UPRIGHT(false, false, false),
    MIRRORED(true, false, false),
    UPSIDE_DOWN(true, true, false),
    FLIPPED(false, true, false),
    TRANSPOSED(false, false, true),
    TURNED_LEFT(true, false, true),
    TRANSVERSE(true, true, true),
    TURNED_RIGHT(false, true, true);

    private static final int TAG = 0x0112;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    private final boolean mirrorX;
    private final boolean mirrorY;
    private final boolean swap;

    /**
     * @param mirrorX of the upright picture, whether x counts from the right of the stored one, or of its rows where they are swapped
     * @param swap whether rows are columns
     */
    Orientation(boolean mirrorX, boolean mirrorY, boolean swap) {
        this.mirrorX = mirrorX;
        this.mirrorY = mirrorY;
        this.swap = swap;
    }

    Pixels upright(Pixels stored) {
        if (this == UPRIGHT) {
            return stored;
        }
        int width = swap ? stored.height() : stored.width();
        int height = swap ? stored.width() : stored.height();
        int[] turned = new int[stored.argb().length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int fromX = mirrorX ? width - 1 - x : x;
                int fromY = mirrorY ? height - 1 - y : y;
                int at = swap ? fromX * stored.width() + fromY : fromY * stored.width() + fromX;
                turned[y * width + x] = stored.argb()[at];
            }
        }
        return new Pixels(width, height, turned);
    }

    /** @return upright, where the file does not say */
    static Orientation of(PictureType type, byte[] bytes) {
        try {
            int at =
                    switch (type) {
                        case JPEG -> inJpeg(bytes);
                        case PNG -> Chunks.find(bytes, 8, "eXIf", ByteOrder.BIG_ENDIAN);
                        case WEBP -> Chunks.find(bytes, 12, "EXIF", ByteOrder.LITTLE_ENDIAN);
                    };
            return at < 0
                    ? UPRIGHT
                    : read(ByteBuffer.wrap(bytes, at, bytes.length - at).slice());
        } catch (IndexOutOfBoundsException e) {
            return UPRIGHT; // said badly is not said
        }
    }

    private static int inJpeg(byte[] bytes) {
        int at = 2;
        while (at + 4 < bytes.length && (bytes[at] & 0xff) == 0xff && (bytes[at + 1] & 0xff) != 0xda) {
            int length = ((bytes[at + 2] & 0xff) << 8) | (bytes[at + 3] & 0xff);
            if ((bytes[at + 1] & 0xff) == 0xe1 && isExif(bytes, at + 4)) {
                return at + 4 + EXIF.length;
            }
            at += 2 + length;
        }
        return -1;
    }

    private static boolean isExif(byte[] bytes, int at) {
        return at + EXIF.length <= bytes.length
                && java.util.Arrays.equals(bytes, at, at + EXIF.length, EXIF, 0, EXIF.length);
    }

    /** @param tiff a header, and somewhere the first directory */
    private static Orientation read(ByteBuffer tiff) {
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        int entries = tiff.getShort(directory) & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            if ((tiff.getShort(entry) & 0xffff) == TAG) {
                int value = tiff.getShort(entry + 8);
                return value >= 1 && value <= values().length ? values()[value - 1] : UPRIGHT;
            }
        }
        return UPRIGHT;
    }
}
