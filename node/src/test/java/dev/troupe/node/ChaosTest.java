package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Real processes die, hang and leave under load, and every stream says what it would have said undisturbed. Streams are about
 * as long as their faults take on this machine. Longer: {@code -Dtroupe.chaos.longer=5 -Dtroupe.chaos.faults=40}.
 */
class ChaosTest {
    private static final int STREAMS = Integer.getInteger("troupe.chaos.streams", 64);
    private static final int LONGER = Integer.getInteger("troupe.chaos.longer", 1);
    /** Of a stream, so that the keys and values of all have room in two workers. */
    private static final int MOST_TOKENS = 400;

    private static final int FEW_TOKENS = 40;
    /** As long as six deaths of workers take, by the speed of processes that have just started, which is less than half of what it becomes. */
    private static final int COLD_SECONDS = 90;

    private static final int FAULTS = Integer.getInteger("troupe.chaos.faults", 6);
    private static final long SEED = Long.getLong("troupe.chaos.seed", 1);
    private static final List<String> WORKERS = List.of("worker-0", "worker-1", "worker-2");
    private static final List<String> ROUTERS = List.of("router-0", "router-1");
    /** Whoever is never struck, for questions. */
    private static final String WITNESS = "witness";

    private static final Random RANDOM = new Random(SEED);
    private static Fleet fleet;
    private static int longest;
    /** What streams of so many tokens say. */
    private static final Map<Integer, List<String>> UNDISTURBED = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        System.out.println("seed " + SEED + " (replay: -Dtroupe.chaos.seed=" + SEED + ")");
        fleet = new Fleet("--threads", "1", "--kv-memory", "512m");
        fleet.startRouter(WITNESS);
        for (String router : ROUTERS) {
            fleet.startRouter(router);
        }
        for (String worker : WORKERS) {
            fleet.startWorker(worker);
        }
        fleet.awaitWhole(WITNESS);
        long began = System.nanoTime();
        run("starting", FEW_TOKENS, running -> {});
        double perSecond = FEW_TOKENS / ((System.nanoTime() - began) / 1e9);
        longest = (int) Math.max(FEW_TOKENS, Math.min(MOST_TOKENS, Math.round(COLD_SECONDS * perSecond))) * LONGER;
        for (int tokens : List.of(longest, longest / 2)) {
            UNDISTURBED.put(tokens, texts(run("undisturbed of " + tokens, tokens, running -> {})));
        }
        List<ComingBack> again = run("undisturbed again", longest / 2, running -> {});
        tell("nothing", longest / 2, again, List.of());
        assertThat(texts(again)).isEqualTo(UNDISTURBED.get(longest / 2));
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void everyStreamSaysTheSameWhileWorkersAreKilled() throws Exception {
        List<Long> seen = new ArrayList<>();
        List<ComingBack> streams = run("workers-killed", longest, running -> {
            for (int i = 0; i < FAULTS; i++) {
                awaitThatAllGetOn(running);
                String victim = WORKERS.get(RANDOM.nextInt(WORKERS.size()));
                seen.add(fleet.kill(victim, WITNESS));
                fleet.startWorker(victim);
                fleet.awaitWhole(WITNESS);
            }
        });
        tell("kill -9 of workers", longest, streams, seen);
        assertThat(texts(streams)).isEqualTo(UNDISTURBED.get(longest));
    }

    @Test
    void everyStreamSaysTheSameWhileRoutersAreKilled() throws Exception {
        List<Long> seen = new ArrayList<>();
        List<ComingBack> streams = run("routers-killed", longest / 2, running -> {
            for (int i = 0; i < 3; i++) {
                String victim = ROUTERS.get(RANDOM.nextInt(ROUTERS.size()));
                seen.add(fleet.kill(victim, WITNESS));
                fleet.startRouter(victim);
                fleet.awaitWhole(WITNESS);
            }
        });
        tell("kill -9 of routers", longest / 2, streams, seen);
        assertThat(streams.stream().mapToInt(ComingBack::comings).sum())
                .as("clients that came back")
                .isGreaterThan(STREAMS);
        assertThat(texts(streams)).isEqualTo(UNDISTURBED.get(longest / 2));
    }

    @Test
    void everyStreamSaysTheSameWhileAWorkerHangsAndWakes() throws Exception {
        List<Long> seen = new ArrayList<>();
        List<ComingBack> streams = run("worker-hangs", longest / 2, running -> {
            String victim = WORKERS.get(RANDOM.nextInt(WORKERS.size()));
            seen.add(fleet.hang(victim, WITNESS));
            TimeUnit.SECONDS.sleep(3);
            fleet.process(victim).goOn();
        });
        tell("SIGSTOP of a worker", longest / 2, streams, seen);
        assertThat(texts(streams)).isEqualTo(UNDISTURBED.get(longest / 2));
        fleet.awaitWhole(WITNESS);
    }

    @Test
    void everyStreamSaysTheSameWhileEveryProcessIsRestartedInTurn() throws Exception {
        List<ComingBack> streams = run("rolling-restart", longest / 2, running -> {
            for (String worker : WORKERS) {
                assertThat(fleet.drain(worker, WITNESS))
                        .as("%s has ended or moved all", worker)
                        .isZero();
                fleet.startWorker(worker);
                fleet.awaitWhole(WITNESS);
            }
            for (String router : ROUTERS) {
                assertThat(fleet.drain(router, WITNESS))
                        .as("%s has ended or moved all", router)
                        .isZero();
                fleet.startRouter(router);
                fleet.awaitWhole(WITNESS);
            }
        });
        tell("rolling restart", longest / 2, streams, List.of());
        assertThat(texts(streams)).isEqualTo(UNDISTURBED.get(longest / 2));
    }

    private interface Faults {
        void strike(List<ComingBack> streams) throws Exception;
    }

    /** Who gets nowhere between deaths is suspected of them, see "What is not promised" in docs/reliability.md. */
    private static void awaitThatAllGetOn(List<ComingBack> streams) {
        int enough = 5;
        List<Integer> before = streams.stream().map(ComingBack::pieces).toList();
        TroupeProcess.eventually(Duration.ofMinutes(3), "all streams get on", () -> IntStream.range(0, STREAMS)
                .allMatch(i -> streams.get(i).isOver() || streams.get(i).pieces() >= before.get(i) + enough));
    }

    /** Every client begins, the faults come, every client ends. */
    private static List<ComingBack> run(String name, int tokens, Faults faults) throws Exception {
        long began = System.nanoTime();
        List<ComingBack> streams = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            int mine = i;
            AtomicInteger tries = new AtomicInteger();
            Supplier<URI> routers = () -> router(mine + tries.getAndIncrement());
            ComingBack client = new ComingBack(routers, body(i, tokens), name.replace(' ', '-') + "-" + i);
            streams.add(client);
            Thread thread = new Thread(client, name + "-" + i);
            threads.add(thread);
            thread.start();
        }
        TroupeProcess.eventually(Duration.ofMinutes(2), "all streams have begun", () -> streams.stream()
                .allMatch(stream -> stream.chars() > 0 || stream.isOver()));
        faults.strike(streams);
        long running = streams.stream().filter(stream -> !stream.isOver()).count();
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d streams of %d tokens in %.1f s; %d still ran after the last fault%n",
                name,
                STREAMS,
                tokens,
                (System.nanoTime() - began) / 1e9,
                running);
        assertThat(streams.stream()
                        .flatMap(stream -> stream.trouble(tokens).stream())
                        .toList())
                .isEmpty();
        return streams;
    }

    private static URI router(int number) {
        String name = ROUTERS.get(number % ROUTERS.size());
        try {
            return fleet.url(name);
        } catch (NullPointerException beingStarted) {
            return fleet.url(WITNESS);
        }
    }

    private static List<String> texts(List<ComingBack> streams) {
        return streams.stream().map(ComingBack::text).toList();
    }

    private static void tell(String fault, int tokens, List<ComingBack> streams, List<Long> seen) {
        List<Long> gaps = streams.stream()
                .map(ComingBack::longestGapMillis)
                .sorted(Comparator.naturalOrder())
                .toList();
        long equal = IntStream.range(0, STREAMS)
                .filter(i ->
                        streams.get(i).text().equals(UNDISTURBED.get(tokens).get(i)))
                .count();
        System.out.printf(
                Locale.ROOT,
                "%s: seen by the pool after %s ms; longest silence of a stream p50 %d ms, most %d ms; moved %.0f, tokens taken along"
                        + " %.0f; %d of %d texts equal the undisturbed ones%n",
                fault,
                seen,
                gaps.get(gaps.size() / 2),
                gaps.get(gaps.size() - 1),
                sum("troupe_moved_requests_total"),
                sum("troupe_recomputed_tokens_total"),
                equal,
                STREAMS);
    }

    /** Over the routers as they are now: those that were killed took theirs along. */
    private static double sum(String metric) {
        return ROUTERS.stream()
                .mapToDouble(router -> TroupeProcess.metric(fleet.url(router), metric))
                .sum();
    }

    /** Greedy and seeded in turn; every prompt is another. */
    private static String body(int number, int tokens) {
        String sampling = number % 2 == 0 ? "0" : "0.8,\"seed\":" + number;
        return "{\"model\":\"" + TroupeProcess.MODEL + "\",\"temperature\":" + sampling + ",\"max_tokens\":" + tokens
                + ",\"ignore_eos\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Tell me a long story about the number "
                + number + " and a river.\"}]}";
    }
}
