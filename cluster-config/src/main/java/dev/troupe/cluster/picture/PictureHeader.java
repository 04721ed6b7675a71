package dev.troupe.cluster.picture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the first bytes of a file say of its picture, without decoding it: what is too large, moves, or is no picture is found out before any
 * memory is spent on it. Formats: PNG (W3C, third edition), JPEG (ITU-T T.81), WebP (RFC 9649).
 *
 * @param width in pixels, as it is stored
 * @param height in pixels, as it is stored
 */
public record PictureHeader(PictureType type, int width, int height) {
    /** Of a picture that is sent: 16 million pixels take 64 MB when they are decoded. */
    public static final int MAX_PIXELS = 1 << 24;

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    /** Ten are usual. */
    private static final int MAX_SCANS = 100;

    private static final int START_OF_SCAN = 0xda;

    /** @throws IllegalArgumentException that says what is wrong, when it is no picture that can be taken */
    public static PictureHeader read(byte[] bytes) {
        PictureType type = type(bytes)
                .orElseThrow(() ->
                        new IllegalArgumentException("it is neither PNG, JPEG nor WebP; convert it to one of these"));
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            PictureHeader header =
                    switch (type) {
                        case PNG -> png(buffer);
                        case JPEG -> jpeg(buffer);
                        case WEBP -> webp(buffer.order(ByteOrder.LITTLE_ENDIAN));
                    };
            return header.checked();
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new IllegalArgumentException("it is a " + type + " that is cut off; send the whole file", e);
        }
    }

    /** @return what the file is by its first bytes, whatever it is called */
    public static Optional<PictureType> type(byte[] bytes) {
        if (startsWith(bytes, 0, PNG)) {
            return Optional.of(PictureType.PNG);
        }
        if (bytes.length > 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8 && (bytes[2] & 0xff) == 0xff) {
            return Optional.of(PictureType.JPEG);
        }
        return startsWith(bytes, 0, ascii("RIFF")) && startsWith(bytes, 8, ascii("WEBP"))
                ? Optional.of(PictureType.WEBP)
                : Optional.empty();
    }

    private PictureHeader checked() {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("it says that it has " + width + " x " + height + " pixels");
        }
        if ((long) width * height > MAX_PIXELS) {
            throw new IllegalArgumentException("it has " + width + " x " + height + " pixels; at most " + MAX_PIXELS
                    + " are taken: send a smaller one");
        }
        return this;
    }

    private static PictureHeader png(ByteBuffer in) {
        in.position(PNG.length);
        PictureHeader header = null;
        while (true) {
            int length = in.getInt();
            String name = name(in);
            if (length < 0) {
                throw new IllegalArgumentException("it is a PNG with a part of impossible length");
            }
            switch (name) {
                case "IHDR" ->
                    header = new PictureHeader(PictureType.PNG, in.getInt(in.position()), in.getInt(in.position() + 4));
                case "acTL" -> throw animated();
                case "IDAT" -> {
                    if (header == null) {
                        throw new IllegalArgumentException("it is a PNG without a header");
                    }
                    return header;
                }
                default -> {}
            }
            skip(in, length + 4L);
        }
    }

    private static PictureHeader jpeg(ByteBuffer in) {
        in.position(2);
        while (true) {
            if ((in.get() & 0xff) != 0xff) {
                throw new IllegalArgumentException("it is a JPEG that is damaged before its picture begins");
            }
            int marker = in.get() & 0xff;
            if (marker == 0xff) {
                in.position(in.position() - 1); // padding
            } else if (isFrame(marker)) {
                int height = in.getShort(in.position() + 3) & 0xffff;
                int width = in.getShort(in.position() + 5) & 0xffff;
                if (in.get(in.position() + 7) == 4) {
                    throw new IllegalArgumentException("it is a JPEG for print (CMYK); convert it to RGB");
                }
                checkScans(in);
                return new PictureHeader(PictureType.JPEG, width, height);
            } else if (marker == START_OF_SCAN) {
                throw new IllegalArgumentException("it is a JPEG that does not say how large it is");
            } else if (marker < 0xd0 || marker > 0xd9) {
                skip(in, in.getShort(in.position()) & 0xffff);
            }
        }
    }

    /** Each goes over the whole picture, and takes a few bytes to ask for. In what lies between them no byte of ones has such a neighbour. */
    private static void checkScans(ByteBuffer in) {
        int scans = 0;
        for (int i = in.position(); i + 1 < in.limit(); i++) {
            boolean begins = in.get(i) == (byte) 0xff && (in.get(i + 1) & 0xff) == START_OF_SCAN;
            scans += begins ? 1 : 0;
        }
        if (scans > MAX_SCANS) {
            throw new IllegalArgumentException(
                    "it is a JPEG of " + scans + " scans; at most " + MAX_SCANS + " are taken");
        }
    }

    /** SOF0 to SOF15, among which DHT, JPG and DAC have their numbers. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private static PictureHeader webp(ByteBuffer in) {
        in.position(12);
        String name = name(in);
        int data = in.position() + 4;
        if (!name.equals("VP8X")) {
            return still(in, name, data);
        }
        if ((in.get(data) & 2) != 0) {
            throw animated();
        }
        PictureHeader canvas = new PictureHeader(
                PictureType.WEBP, (in.getInt(data + 4) & 0xffffff) + 1, (in.getInt(data + 6) >>> 8) + 1);
        if (!canvas.equals(inside(in, data))) {
            throw new IllegalArgumentException("it is a WebP that is said to have another size than it has");
        }
        return canvas;
    }

    /** @param data of the extended header, after which the picture comes among other parts */
    private static PictureHeader inside(ByteBuffer in, int data) {
        in.position(data + 10);
        while (true) {
            String name = name(in);
            int length = in.getInt();
            if (name.equals("VP8 ") || name.equals("VP8L")) {
                return still(in, name, in.position());
            }
            if (length < 0) {
                throw new IllegalArgumentException("it is a WebP with a part of impossible length");
            }
            skip(in, length + (length & 1L));
        }
    }

    private static PictureHeader still(ByteBuffer in, String name, int data) {
        return switch (name) {
            case "VP8 " ->
                new PictureHeader(PictureType.WEBP, in.getShort(data + 6) & 0x3fff, in.getShort(data + 8) & 0x3fff);
            case "VP8L" -> {
                int bits = in.getInt(data + 1);
                yield new PictureHeader(PictureType.WEBP, (bits & 0x3fff) + 1, (bits >>> 14 & 0x3fff) + 1);
            }
            default -> throw new IllegalArgumentException("it is a WebP that begins with nothing known");
        };
    }

    private static void skip(ByteBuffer in, long bytes) {
        if (bytes > in.remaining()) {
            throw new BufferUnderflowException();
        }
        in.position(in.position() + (int) bytes);
    }

    private static IllegalArgumentException animated() {
        return new IllegalArgumentException("it moves; send a still picture");
    }

    private static String name(ByteBuffer in) {
        byte[] name = new byte[4];
        in.get(name);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] wanted) {
        return bytes.length >= at + wanted.length
                && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
