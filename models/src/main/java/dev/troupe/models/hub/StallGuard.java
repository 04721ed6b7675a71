package dev.troupe.models.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Closes a stream from which nothing comes any more: Java's HTTP client waits for a silent server for ever. */
final class StallGuard implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "download-stall-guard");
        thread.setDaemon(true);
        return thread;
    });
    private final ScheduledFuture<?> checks;
    private volatile long last = System.nanoTime();

    StallGuard(InputStream stream, Duration limit) {
        long period = Math.max(1, limit.toMillis() / 4);
        checks = clock.scheduleAtFixedRate(
                () -> {
                    if (System.nanoTime() - last > limit.toNanos()) {
                        closeQuietly(stream);
                    }
                },
                period,
                period,
                TimeUnit.MILLISECONDS);
    }

    void alive() {
        last = System.nanoTime();
    }

    private static void closeQuietly(InputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The reader meets the same error and reports it.
        }
    }

    @Override
    public void close() {
        checks.cancel(false);
        clock.shutdownNow();
    }
}
