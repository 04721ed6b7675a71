package dev.troupe.image.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A file that ends: who goes on reading there is stopped. The reader of lossless WebP takes what is missing for zeros, and a damaged file of a hundred
 * bytes can ask it for so many of them that it would not return for minutes.
 */
final class EndingStream extends MemoryCacheImageInputStream {
    /** Readers may look a little ahead. */
    private static final int MOST_BEYOND = 256;

    private final int length;
    private int beyond;

    EndingStream(byte[] bytes) {
        super(new ByteArrayInputStream(bytes));
        this.length = bytes.length;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int read() throws IOException {
        return counted(super.read());
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        return counted(super.read(into, from, most));
    }

    private int counted(int read) {
        if (read < 0 && ++beyond > MOST_BEYOND) {
            throw new PictureException("it is cut off or damaged: it says that it goes on after its end");
        }
        return read;
    }
}
