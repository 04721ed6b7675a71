package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.troupe.store.UsageLedger.Bucket;
import dev.troupe.store.UsageLedger.GroupBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every engine owes to the ledger. Other tests have written to the same database, so tenant and requests are new each time. */
abstract class UsageLedgerContract extends DatabaseContract {
    private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final String INJECTION = "x'); drop table usage_ledger; --";

    private final String tenant = UUID.randomUUID().toString();

    @Test
    void sumsAreOfAllRowsAlsoAfterReopening() {
        ledger().record(List.of(row("a", NOON, 10, 4, 3, 1), row("b", NOON, 20, 0, 5, 2)));

        reopen();

        assertThat(all()).isEqualTo(new UsageSum(2, 30, 4, 8, 3));
    }

    @Test
    void nothingIsWrittenOfNothing() {
        ledger().record(List.of());

        assertThat(all()).isEqualTo(UsageSum.NONE);
        assertThat(ledger().grouped(tenant, 0, Long.MAX_VALUE, GroupBy.DAY)).isEmpty();
    }

    @Test
    void requestCountsOnceWhoeverWritesItAgain() {
        ledger().record(List.of(row("a", NOON, 10, 4, 3, 1), row("a", NOON, 10, 4, 3, 1)));
        ledger().record(List.of(row("a", NOON, 10, 4, 3, 1), row("b", NOON, 1, 0, 0, 0)));
        // Another router, that knows less of it: the first word holds.
        ledger().record(List.of(row("a", NOON + 5, 99, 0, 0, 0)));

        assertThat(all()).isEqualTo(new UsageSum(2, 11, 4, 3, 1));
    }

    @Test
    void sumsGoBeyondWhatOneRequestCanHave() {
        ledger().record(List.of(
                row("a", NOON, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
                row("b", NOON, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)));

        long twice = 2L * Integer.MAX_VALUE;
        assertThat(all()).isEqualTo(new UsageSum(2, twice, twice, twice, twice));
    }

    @Test
    void periodHasItsBeginningAndNotItsEnd() {
        ledger().record(List.of(row("a", NOON, 1, 0, 0, 0), row("b", NOON + 10, 2, 0, 0, 0)));

        assertThat(ledger().total(tenant, NOON, NOON + 10).promptTokens()).isEqualTo(1);
        assertThat(ledger().total(tenant, NOON + 10, NOON + 11).promptTokens()).isEqualTo(2);
        assertThat(ledger().total(tenant, NOON + 1, NOON + 10)).isEqualTo(UsageSum.NONE);
        assertThat(ledger().total(tenant, NOON + 10, NOON)).isEqualTo(UsageSum.NONE);
    }

    @Test
    void anotherTenantsUseIsNobodyElses() {
        ledger().record(List.of(row("a", NOON, 1, 0, 0, 0)));

        for (String other : List.of("other", tenant + "\0", tenant + "%", "' or '1'='1", INJECTION)) {
            assertThat(ledger().total(other, 0, Long.MAX_VALUE)).isEqualTo(UsageSum.NONE);
            assertThat(ledger().grouped(other, 0, Long.MAX_VALUE, GroupBy.KEY)).isEmpty();
        }
        assertThat(all().requests()).isEqualTo(1);
    }

    @Test
    void groupsAreDaysOfUtcModelsAndKeys() {
        long midnight = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
        ledger().record(List.of(
                row("a", midnight - 1, Optional.of("k1"), "model-a"),
                row("b", midnight, Optional.of("k2"), "Model-B"),
                row("c", midnight + 1, Optional.empty(), "model-a"),
                row("d", midnight + 86_400_000, Optional.of("k1"), "日本語 🎭")));

        assertThat(requests(GroupBy.DAY))
                .containsExactly(entry("2026-03-01", 1L), entry("2026-03-02", 2L), entry("2026-03-03", 1L));
        assertThat(requests(GroupBy.MODEL))
                .containsExactly(entry("Model-B", 1L), entry("model-a", 2L), entry("日本語 🎭", 1L));
        assertThat(requests(GroupBy.KEY)).containsExactly(entry("", 1L), entry("k1", 2L), entry("k2", 1L));
    }

    @Test
    void bucketsFollowOneAnotherAndTheEmptyOnesAreThere() {
        ledger().record(List.of(
                row("a", NOON, 1, 0, 0, 0),
                row("b", NOON + 99, 2, 0, 0, 0),
                row("c", NOON + 250, 4, 0, 0, 0),
                row("d", NOON + 260, 8, 0, 0, 0)));

        assertThat(ledger().buckets(tenant, NOON, NOON + 260, 100))
                .containsExactly(
                        new Bucket(NOON, new UsageSum(2, 3, 0, 0, 0)),
                        new Bucket(NOON + 100, UsageSum.NONE),
                        new Bucket(NOON + 200, new UsageSum(1, 4, 0, 0, 0)));
        assertThat(ledger().buckets(tenant, NOON, NOON, 100)).isEmpty();
        assertThat(ledger().buckets(tenant, NOON, NOON - 1, 100)).isEmpty();
    }

    @Test
    void moreBucketsThanFitAreRefused() {
        assertThat(ledger().buckets(tenant, 0, UsageLedger.MOST_BUCKETS, 1)).hasSize(UsageLedger.MOST_BUCKETS);
        assertThatThrownBy(() -> ledger().buckets(tenant, 0, UsageLedger.MOST_BUCKETS + 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().buckets(tenant, 0, Long.MAX_VALUE, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().buckets(tenant, 0, 10, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ledger().buckets(tenant, -1, 10, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyGroupingAndEveryBucketTogetherMakeTheTotal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<UsageRow> rows = IntStream.range(0, 500)
                .mapToObj(i -> new UsageRow(
                        id("r" + i),
                        tenant,
                        random.nextBoolean() ? Optional.of("k" + random.nextInt(4)) : Optional.empty(),
                        "m" + random.nextInt(4),
                        "/v1/chat/completions",
                        NOON,
                        NOON + random.nextInt(400_000_000),
                        random.nextInt(10_000),
                        random.nextInt(100),
                        random.nextInt(1_000),
                        random.nextInt(3),
                        "success"))
                .toList();
        ledger().record(rows);

        UsageSum expected = rows.stream()
                .map(row ->
                        new UsageSum(1, row.promptTokens(), row.cachedTokens(), row.completionTokens(), row.images()))
                .reduce(UsageSum.NONE, UsageLedgerContract::plus);
        assertThat(all()).as("seed %d", seed).isEqualTo(expected);
        for (GroupBy by : GroupBy.values()) {
            assertThat(ledger().grouped(tenant, 0, Long.MAX_VALUE, by).values().stream()
                            .reduce(UsageSum.NONE, UsageLedgerContract::plus))
                    .as("%s, seed %d", by, seed)
                    .isEqualTo(expected);
        }
        assertThat(ledger().buckets(tenant, NOON, NOON + 400_000_000, 3_600_000).stream()
                        .map(Bucket::sum)
                        .reduce(UsageSum.NONE, UsageLedgerContract::plus))
                .as("seed %d", seed)
                .isEqualTo(expected);
    }

    /** Each has the requests of all in another order: two of them must not wait for each other. */
    @Test
    void ofManyWritersOfTheSameRequestsEachCountsOnce() throws Exception {
        List<UsageRow> rows = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(i -> row("r" + i, NOON, 1, 1, 1, 1))
                .toList());
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Collections.shuffle(rows, new Random(i));
            List<UsageRow> shuffled = List.copyOf(rows);
            writers.add(() -> {
                ledger().record(shuffled);
                return true;
            });
        }

        assertThat(atOnce(writers)).containsOnly(true);
        assertThat(all()).isEqualTo(new UsageSum(300, 300, 300, 300, 300));
    }

    @Test
    void noClientsWordsKeepARowFromBeingWritten() {
        List<String> hostile = List.of(
                INJECTION, "", "\0", "a\0b", "🎭", "\uD83C", "\uDFAD\uD83C", "x".repeat(1_000_000), "🎭".repeat(1_000));
        for (int i = 0; i < hostile.size(); i++) {
            String text = hostile.get(i);
            ledger().record(List.of(new UsageRow(
                    id("r" + i), tenant, Optional.empty(), text, text, 0, Long.MAX_VALUE - 1, 1, 0, 0, 0, text)));
        }

        assertThat(all().requests()).isEqualTo(hostile.size());
        assertThat(requests(GroupBy.MODEL)).containsKeys(INJECTION, "", "\uFFFD", "a\uFFFDb", "🎭", "\uFFFD\uFFFD");
    }

    @Test
    void idsThatCannotBeStoredAsTheyAreAreRefused() {
        for (String id : List.of("", "a\0", "\uD83C", "x".repeat(129))) {
            assertThatThrownBy(() -> new UsageRow(id, tenant, Optional.empty(), "m", "/p", 0, 0, 0, 0, 0, 0, "success"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> row("a", NOON, -1, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> row("a", -1, 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private UsageLedger ledger() {
        return database().usage();
    }

    private UsageSum all() {
        return ledger().total(tenant, 0, Long.MAX_VALUE);
    }

    /** @return how many by group, in their order */
    private Map<String, Long> requests(GroupBy by) {
        Map<String, Long> requests = new LinkedHashMap<>();
        ledger().grouped(tenant, 0, Long.MAX_VALUE, by).forEach((group, sum) -> requests.put(group, sum.requests()));
        return requests;
    }

    private String id(String name) {
        return name + "-" + tenant;
    }

    private UsageRow row(String name, long ended, int prompt, int cached, int completion, int images) {
        return new UsageRow(
                id(name),
                tenant,
                Optional.of("k"),
                "m",
                "/v1/chat/completions",
                Math.max(0, ended - 5),
                ended,
                prompt,
                cached,
                completion,
                images,
                "success");
    }

    private UsageRow row(String name, long ended, Optional<String> key, String model) {
        return new UsageRow(
                id(name), tenant, key, model, "/v1/chat/completions", ended - 5, ended, 1, 0, 0, 0, "success");
    }

    private static UsageSum plus(UsageSum one, UsageSum other) {
        return new UsageSum(
                one.requests() + other.requests(),
                one.promptTokens() + other.promptTokens(),
                one.cachedTokens() + other.cachedTokens(),
                one.completionTokens() + other.completionTokens(),
                one.images() + other.images());
    }
}
