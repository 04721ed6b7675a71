package dev.troupe.models.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of any size mapped read-only, in little-endian order.
 *
 * <p>One Java buffer reaches 2 GiB, so windows of that size begin at every GiB: whatever is no longer than a GiB lies
 * whole in the window where it begins. The maps are released when nothing refers to them any more; unmapping by hand
 * would turn a late reader's mistake into a crash of the process.
 */
final class MappedFile implements AutoCloseable {
    /** The longest stretch that one {@link #slice} may ask for, in bytes. */
    static final long MAX_SLICE = 1L << 30;

    private final Path path;
    private final long size;
    private volatile ByteBuffer[] windows;

    private MappedFile(Path path, long size, ByteBuffer[] windows) {
        this.path = path;
        this.size = size;
        this.windows = windows;
    }

    static MappedFile open(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            var windows = new ByteBuffer[Math.toIntExact((size + MAX_SLICE - 1) / MAX_SLICE)];
            for (int i = 0; i < windows.length; i++) {
                long start = i * MAX_SLICE;
                windows[i] =
                        channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(size - start, Integer.MAX_VALUE));
            }
            return new MappedFile(path, size, windows);
        }
    }

    Path path() {
        return path;
    }

    /** In bytes. */
    long size() {
        return size;
    }

    /** A buffer of its own over {@code length} bytes from {@code offset}, at most {@link #MAX_SLICE} of them. */
    ByteBuffer slice(long offset, long length) {
        if (offset < 0 || length < 0 || length > MAX_SLICE || offset > size - length) {
            throw new IndexOutOfBoundsException(path + ": " + length + " bytes at " + offset + " of " + size);
        }
        if (length == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        ByteBuffer[] open = windows;
        if (open == null) {
            throw new IllegalStateException(path + " has been closed");
        }
        ByteBuffer window = open[(int) (offset / MAX_SLICE)];
        return window.slice((int) (offset % MAX_SLICE), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Forgets the maps. Slices that are in use stay valid. */
    @Override
    public void close() {
        windows = null;
    }
}
