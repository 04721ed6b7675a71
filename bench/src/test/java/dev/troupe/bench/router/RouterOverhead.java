package dev.troupe.bench.router;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.router.RouterConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Locale;
import java.util.Map;

/** Prints what a streamed token costs the router, the batcher and the worker's side of the bus. */
public final class RouterOverhead {
    private static final int STREAMS = Integer.getInteger("streams", 32);
    private static final int MAX_TOKENS = Integer.getInteger("tokens", 1000);
    private static final int PROMPT_WORDS = Integer.getInteger("prompt", 30);
    private static final int STEP_MILLIS = Integer.getInteger("step", 10);
    /** What a step takes at first: only after thousands of steps is everything compiled. */
    private static final int WARM_STEP_MILLIS = 1;

    private static final int SETTLE_SECONDS = 2;
    private static final int WARM_SECONDS = Integer.getInteger("warm", 20);
    private static final int SECONDS = Integer.getInteger("seconds", 10);
    private static final int ROUNDS = Integer.getInteger("rounds", 3);

    private RouterOverhead() {}

    /** @param args {@code apart} for a router in another member of the cluster than the batcher */
    public static void main(String[] args) throws IOException {
        boolean apart = args.length > 0 && args[0].equals("apart");
        System.out.printf(
                Locale.ROOT,
                "%d streams of %d tokens, a step every %d ms, %s%n",
                STREAMS,
                MAX_TOKENS,
                STEP_MILLIS,
                apart ? "over the network" : "delivered locally");
        try (BenchPool pool = new BenchPool(apart, WARM_STEP_MILLIS, RouterConfig.DEFAULT, BatcherConfig.defaults());
                StreamingClients clients =
                        new StreamingClients(pool.port(), STREAMS, STREAMS, PROMPT_WORDS, MAX_TOKENS)) {
            Await.seconds(WARM_SECONDS);
            pool.pace(STEP_MILLIS);
            Await.seconds(SETTLE_SECONDS);
            for (int round = 0; round < ROUNDS; round++) {
                measure(pool, clients);
            }
        }
    }

    private static void measure(BenchPool pool, StreamingClients clients) {
        CpuTimes before = CpuTimes.now();
        long tokens = pool.tokens();
        Await.seconds(SECONDS);
        CpuTimes after = CpuTimes.now();
        tokens = pool.tokens() - tokens;
        if (!clients.trouble().isEmpty()) {
            throw new IllegalStateException(clients.trouble());
        }
        double each = 1000.0 * tokens;
        Map<String, Long> loops = pool.loops();
        long all = after.loops() - before.loops();
        long client = after.of(clients.threadId()) - before.of(clients.threadId());
        System.out.printf(
                Locale.ROOT,
                "%6.0f tokens/s; us/token: router %5.2f, batcher %5.2f, worker's bus %5.2f, all event loops %5.2f"
                        + " (kernel %5.2f), rest of the JVM %5.2f (client %5.2f)%n",
                tokens / (double) SECONDS,
                spent(loops, "router", before, after) / each,
                spent(loops, "batcher", before, after) / each,
                spent(loops, "worker", before, after) / each,
                all / each,
                (all - (after.loopsInJvm() - before.loopsInJvm())) / each,
                (after.process() - before.process() - all - client) / each,
                client / each);
        printThreads(before, after, each);
    }

    /** Who else was busy; what no Java thread accounts for is the compiler's and the collector's. */
    private static void printThreads(CpuTimes before, CpuTimes after, double each) {
        long java = 0;
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(false, false)) {
            long time = after.of(thread.getThreadId()) - before.of(thread.getThreadId());
            java += time;
            if (time > each / 4) {
                System.out.printf(Locale.ROOT, "    %5.2f %s%n", time / each, thread.getThreadName());
            }
        }
        System.out.printf(
                Locale.ROOT, "    %5.2f compiler and collector%n", (after.process() - before.process() - java) / each);
    }

    private static long spent(Map<String, Long> loops, String whose, CpuTimes before, CpuTimes after) {
        long thread = loops.getOrDefault(whose, -1L);
        return after.of(thread) - before.of(thread);
    }
}
