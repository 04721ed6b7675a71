package dev.troupe.bench.store;

import dev.troupe.bench.load.Samples;
import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.PostgresServer;
import dev.troupe.store.UsageLedger;
import dev.troupe.store.UsageLedger.GroupBy;
import dev.troupe.store.UsageRow;
import dev.troupe.store.UsageWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/**
 * Rows of the ledger a second, and how long each takes from being handed over to being on disk: each in a transaction of its own, and gathered by
 * the writer. Then what it costs to tell the use of one of twenty tenants, over all those rows, which are spread over thirty days.
 */
public final class LedgerCost {
    private static final int SECONDS = Integer.getInteger("seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("warm", 3);
    private static final List<Integer> AT_ONCE = List.of(1, 16, 256, 2_048);
    private static final int MOST_SAMPLES = 2_000_000;
    private static final int TENANTS = 20;
    private static final long PERIOD_MILLIS = TimeUnit.DAYS.toMillis(30);
    private static final int QUERIES = 50;

    private final AtomicLong rows = new AtomicLong();
    private final Database database;
    private final String engine;

    private LedgerCost(String engine, Database database) {
        this.engine = engine;
        this.database = database;
    }

    /** @param args none */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("troupe-ledger-");
        try (Database database =
                Database.open(DatabaseConfig.file(folder.resolve("db").resolve("troupe")))) {
            new LedgerCost("H2", database).measure();
        }
        try (PostgresServer server = PostgresServer.start();
                Database database = Database.open(new DatabaseConfig(
                        server.url("postgres"),
                        Optional.of(PostgresServer.USER),
                        Optional.of(PostgresServer.PASSWORD)))) {
            new LedgerCost("PostgreSQL", database).measure();
        }
    }

    private void measure() throws InterruptedException {
        alone(WARM_SECONDS);
        tell("each alone", alone(SECONDS), SECONDS);
        for (int atOnce : AT_ONCE) {
            try (UsageWriter writer = new UsageWriter(database.usage(), atOnce)) {
                gathered(writer, atOnce, WARM_SECONDS);
                tell("writer, " + atOnce + " at once", gathered(writer, atOnce, SECONDS), SECONDS);
            }
        }
        UsageLedger ledger = database.usage();
        System.out.printf(Locale.ROOT, "%s, %d rows: ", engine, rows.get());
        ask("total", from -> ledger.total("tenant-0", from, PERIOD_MILLIS));
        ask("by day", from -> ledger.grouped("tenant-0", from, PERIOD_MILLIS, GroupBy.DAY));
        ask("hours of a day", from -> ledger.buckets("tenant-0", from, PERIOD_MILLIS / 30, PERIOD_MILLIS / 720));
        ask("version of the tenancy", from -> database.tenancy().version());
        System.out.println();
    }

    /** @return microseconds of each */
    private Samples alone(int seconds) {
        UsageLedger ledger = database.usage();
        double[] micros = new double[MOST_SAMPLES];
        int count = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && count < MOST_SAMPLES) {
            long begun = System.nanoTime();
            ledger.record(List.of(row()));
            micros[count++] = (System.nanoTime() - begun) / 1e3;
        }
        return Samples.of(Arrays.copyOf(micros, count));
    }

    /** @return microseconds of each, from being handed over to being told that it is on disk */
    private Samples gathered(UsageWriter writer, int atOnce, int seconds) throws InterruptedException {
        Semaphore room = new Semaphore(atOnce);
        double[] micros = new double[MOST_SAMPLES];
        int count = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && count < MOST_SAMPLES) {
            room.acquire();
            int index = count++;
            long begun = System.nanoTime();
            writer.record(row()).whenComplete((nothing, failure) -> {
                micros[index] = (System.nanoTime() - begun) / 1e3;
                room.release();
            });
        }
        room.acquire(atOnce);
        return Samples.of(Arrays.copyOf(micros, count));
    }

    private UsageRow row() {
        long number = rows.getAndIncrement();
        long ended = number * 7_919_000 % PERIOD_MILLIS;
        // As ids are: they tell nothing of their order.
        String id = "chatcmpl-" + Long.toHexString(number * 0x9E3779B97F4A7C15L);
        return new UsageRow(
                id,
                "tenant-" + number % TENANTS,
                Optional.of("key-" + number % TENANTS),
                "smollm2-135m-instruct",
                "/v1/chat/completions",
                ended,
                ended,
                100,
                64,
                64,
                0,
                "success");
    }

    private void tell(String how, Samples micros, int seconds) {
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %.0f rows a second; ms p50 %.2f p99 %.2f max %.1f%n",
                engine,
                how,
                micros.count() / (double) seconds,
                micros.percentile(50) / 1e3,
                micros.percentile(99) / 1e3,
                micros.percentile(100) / 1e3);
    }

    /** @param query from when on; each time another, since H2 remembers what it has just answered */
    private static void ask(String what, IntConsumer query) {
        double[] millis = new double[QUERIES];
        for (int i = 0; i < QUERIES; i++) {
            long begun = System.nanoTime();
            query.accept(i);
            millis[i] = (System.nanoTime() - begun) / 1e6;
        }
        System.out.printf(Locale.ROOT, "%s %.2f ms; ", what, Samples.of(millis).percentile(50));
    }
}
