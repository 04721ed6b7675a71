package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The writer before a ledger whose transactions begin, end and fail when the test says so. */
class UsageWriterTest {
    private static final Duration NO_PAUSE = Duration.ofNanos(1);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final GatedLedger ledger = new GatedLedger();

    @Test
    void rowsGatherWhileATransactionIsUnderWayAndGoTogether() throws Exception {
        try (UsageWriter writer = new UsageWriter(ledger, 100)) {
            CompletionStage<Void> first = writer.record(row("a"));
            ledger.awaitBegun();
            CompletionStage<Void> second = writer.record(row("b"));
            CompletionStage<Void> third = writer.record(row("c"));
            assertThat(isDone(first)).isFalse();

            ledger.letThrough(1);
            await(first);
            ledger.awaitBegun();
            assertThat(isDone(second)).isFalse();

            ledger.letThrough(1);
            await(second);
            await(third);
        }

        assertThat(ledger.written()).containsExactly(List.of("a"), List.of("b", "c"));
    }

    @Test
    void oneTransactionHasNoMoreRowsThanItMay() throws Exception {
        try (UsageWriter writer = new UsageWriter(ledger, 10_000)) {
            writer.record(row("first"));
            ledger.awaitBegun();
            for (int i = 0; i < UsageWriter.MOST_ROWS + 1; i++) {
                writer.record(row("r" + i));
            }
            ledger.letThrough(3);
        }

        assertThat(ledger.written()).extracting(List::size).containsExactly(1, UsageWriter.MOST_ROWS, 1);
    }

    @Test
    void rowsOfAFailedTransactionAreWrittenLateWithWhatHasComeMeanwhile() throws Exception {
        ledger.fail(3);
        try (UsageWriter writer = new UsageWriter(ledger, 100, NO_PAUSE, LONG)) {
            CompletionStage<Void> first = writer.record(row("a"));
            ledger.awaitBegun();
            CompletionStage<Void> second = writer.record(row("b"));

            ledger.letThrough(3);
            ledger.awaitBegun();
            ledger.awaitBegun();
            ledger.awaitBegun();
            assertThat(isDone(first)).isFalse();

            ledger.letThrough(1);
            await(first);
            await(second);
        }

        assertThat(ledger.written()).containsExactly(List.of("a", "b"));
    }

    @Test
    void whatIsBeyondTheBoundFailsAtOnceAndLaterRowsAreTakenAgain() throws Exception {
        ledger.fail(1);
        try (UsageWriter writer = new UsageWriter(ledger, 2, NO_PAUSE, LONG)) {
            CompletionStage<Void> first = writer.record(row("a"));
            ledger.awaitBegun();
            CompletionStage<Void> second = writer.record(row("b"));

            assertFailed(writer.record(row("c")), "2 rows");
            ledger.letThrough(1);
            ledger.awaitBegun();
            // Also those that are on their way again count.
            assertFailed(writer.record(row("d")), "2 rows");

            ledger.letThrough(2);
            await(first);
            await(second);
            await(writer.record(row("e")));
        }

        assertThat(ledger.written()).containsExactly(List.of("a", "b"), List.of("e"));
    }

    @Test
    void closingWritesWhatWaitsAndTakesNothingMore() throws Exception {
        UsageWriter writer = new UsageWriter(ledger, 100);
        CompletionStage<Void> first = writer.record(row("a"));
        ledger.awaitBegun();
        CompletionStage<Void> second = writer.record(row("b"));
        ledger.letThrough(2);

        writer.close();

        assertThat(isDone(first)).isTrue();
        assertThat(isDone(second)).isTrue();
        assertFailed(writer.record(row("c")), "closed");
        assertThat(ledger.written()).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void closingTriesAgainWhatFailed() {
        ledger.fail(3);
        ledger.letThrough(4);
        UsageWriter writer = new UsageWriter(ledger, 100, NO_PAUSE, LONG);
        CompletionStage<Void> first = writer.record(row("a"));

        writer.close();

        assertThat(first.toCompletableFuture()).isCompletedWithValue(null);
    }

    @Test
    void whatCannotBeWrittenBeforeTheEndFails() throws Exception {
        ledger.fail(Integer.MAX_VALUE);
        ledger.letThrough(1_000_000);
        UsageWriter writer = new UsageWriter(ledger, 100, LONG, Duration.ofMillis(20));
        CompletionStage<Void> first = writer.record(row("a"));
        ledger.awaitBegun();

        writer.close();

        assertFailed(first, "closed before");
    }

    @Test
    void databaseThatNeverAnswersDoesNotKeepTheProcess() throws Exception {
        UsageWriter writer = new UsageWriter(ledger, 100, NO_PAUSE, Duration.ofMillis(20));
        CompletionStage<Void> first = writer.record(row("a"));
        ledger.awaitBegun();

        writer.close();

        assertFailed(first, "closed before");
        ledger.letThrough(1);
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private static void await(CompletionStage<Void> stage)
            throws ExecutionException, InterruptedException, TimeoutException {
        stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void assertFailed(CompletionStage<Void> stage, String words) {
        CompletableFuture<Void> future = stage.toCompletableFuture();
        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::get).hasCauseInstanceOf(StoreException.class).hasMessageContaining(words);
    }

    private static UsageRow row(String id) {
        return new UsageRow(id, "t", Optional.empty(), "m", "/p", 0, 0, 1, 0, 1, 0, "success");
    }

    /** Each transaction waits until it is let through. */
    private static final class GatedLedger implements UsageLedger {
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore through = new Semaphore(0);
        private final List<List<String>> written = new ArrayList<>();
        private int failures;

        synchronized void fail(int times) {
            failures = times;
        }

        void letThrough(int transactions) {
            through.release(transactions);
        }

        void awaitBegun() throws InterruptedException {
            assertThat(begun.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }

        synchronized List<List<String>> written() {
            return List.copyOf(written);
        }

        @Override
        public void record(List<UsageRow> rows) {
            begun.release();
            through.acquireUninterruptibly();
            synchronized (this) {
                if (failures > 0) {
                    failures--;
                    throw new StoreException("the database is away", null);
                }
                written.add(rows.stream().map(UsageRow::requestId).toList());
            }
        }

        @Override
        public UsageSum total(String tenant, long fromMillis, long toMillis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, UsageSum> grouped(String tenant, long fromMillis, long toMillis, GroupBy by) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Bucket> buckets(String tenant, long fromMillis, long toMillis, long widthMillis) {
            throw new UnsupportedOperationException();
        }
    }
}
