package dev.troupe.models.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on the disk, asked for before a download and not found out at its end. */
final class Space {
    private static final long MARGIN = 64L << 20;

    private Space() {}

    /** @param file where the bytes go; its directory is there */
    static void require(Path file, long bytes) throws IOException {
        long free = Files.getFileStore(file.getParent()).getUsableSpace();
        if (free < bytes + MARGIN) {
            throw full(file, bytes + MARGIN, free);
        }
    }

    static HubException full(Path file, long wanted, long free) {
        return new HubException("the disk of " + file.getParent() + " has " + (free >> 20) + " MB free, but "
                + (wanted >> 20) + " MB are needed; make room or choose another directory with --data");
    }
}
