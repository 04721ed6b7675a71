package dev.troupe.bench.router;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.router.RouterConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;

/** Prints what streams cost that are open and say nothing: they wait in the batcher's queue behind a worker that takes its time. */
public final class IdleStreams {
    private static final int STREAMS = Integer.getInteger("streams", 10_000);
    private static final int AT_ONCE = Integer.getInteger("atOnce", 64);
    private static final int SECONDS = Integer.getInteger("seconds", 30);
    private static final long STEP_MILLIS = 10;

    private IdleStreams() {}

    public static void main(String[] args) throws IOException {
        BatcherConfig config = BatcherConfig.defaults()
                .withQueue(STREAMS, BatcherConfig.defaults().maxWaitMillis());
        RouterConfig router = RouterConfig.DEFAULT.withMaxRequests(STREAMS);
        try (BenchPool pool = new BenchPool(false, STEP_MILLIS, router, config)) {
            pool.pauseWorker(true);
            report("none open", SECONDS);
            long before = heapAfterCollection();
            Process clients = clients(pool.port());
            try {
                Await.until("all have an answer's head", () -> hasLine(clients) || !clients.isAlive());
                alive(clients);
                long after = heapAfterCollection();
                System.out.printf(
                        Locale.ROOT,
                        "%d streams open: %.1f KB of heap each%n",
                        STREAMS,
                        (after - before) / 1024.0 / STREAMS);
                for (int round = 0; round < 2; round++) {
                    report("open", SECONDS);
                }
                alive(clients);
            } finally {
                clients.destroy();
            }
        }
    }

    /** A process of their own: few systems let one have both ends of ten thousand connections. */
    private static Process clients(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamingClients.class.getName(),
                        Integer.toString(port),
                        Integer.toString(STREAMS),
                        Integer.toString(AT_ONCE))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** They end at the first stream that does not begin, or does not go on. */
    private static void alive(Process clients) {
        if (!clients.isAlive()) {
            throw new IllegalStateException("the clients are gone");
        }
    }

    private static boolean hasLine(Process clients) {
        try {
            return clients.getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(String what, int seconds) {
        CpuTimes before = CpuTimes.now();
        Await.seconds(seconds);
        CpuTimes after = CpuTimes.now();
        double percent = seconds * 10_000_000.0;
        long loops = after.loops() - before.loops();
        long all = after.process() - before.process();
        System.out.printf(
                Locale.ROOT,
                "%s: event loops %.2f%% of a core, the whole JVM %.2f%%%n",
                what,
                loops / percent,
                all / percent);
    }

    static long heapAfterCollection() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
