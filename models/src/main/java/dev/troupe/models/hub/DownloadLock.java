package dev.troupe.models.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread of one process at a time download into a directory; the others wait, and then find it done. */
final class DownloadLock {
    /** File locks hold between processes only, so threads of this one meet here. */
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private DownloadLock() {}

    interface Condition {
        boolean holds() throws IOException;
    }

    interface Action {
        void run() throws IOException;
    }

    /** Runs the action unless it is done already, or done by someone else while waiting. */
    static void unless(Condition done, Path directory, Action action) throws IOException {
        if (done.holds()) {
            return;
        }
        Files.createDirectories(directory);
        Path file = directory.resolve(".lock");
        ReentrantLock thread = THREADS.computeIfAbsent(file, path -> new ReentrantLock());
        thread.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock process = channel.lock();
            if (!done.holds()) {
                action.run();
            }
            process.release();
        } finally {
            thread.unlock();
        }
    }
}
