package dev.troupe.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the ledger for many at once: while one transaction is on its way to the disk the next rows gather, and go together. So a row waits
 * for two transactions at most, and a busy router has no more transactions than the disk can take.
 *
 * <p>While the database fails, rows are kept and tried again, since the ledger takes each only once. Never blocks its callers; has a thread of
 * its own.
 */
public final class UsageWriter implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(UsageWriter.class);
    /** Of one transaction. */
    static final int MOST_ROWS = 1_000;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_DOUBLINGS = 6;
    private static final Duration CLOSING = Duration.ofSeconds(10);

    private record Waiting(UsageRow row, CompletableFuture<Void> written) {}

    private final UsageLedger ledger;
    private final int mostWaiting;
    private final Duration firstPause;
    private final Duration closing;
    /** The oldest first; a row leaves when it is written. Guards itself and {@link #closeBy}. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private final Thread thread = new Thread(this::run, "troupe-usage");
    /** By {@link System#nanoTime}; absent while it is open. */
    private Long closeBy;

    /** @param mostWaiting rows, those on their way to the disk too */
    public UsageWriter(UsageLedger ledger, int mostWaiting) {
        this(ledger, mostWaiting, FIRST_PAUSE, CLOSING);
    }

    /**
     * @param firstPause after a failure; twice as long after each more, up to 64 times
     * @param closing for which {@link #close} goes on trying
     */
    UsageWriter(UsageLedger ledger, int mostWaiting, Duration firstPause, Duration closing) {
        this.ledger = ledger;
        this.mostWaiting = mostWaiting;
        this.firstPause = firstPause;
        this.closing = closing;
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * @return done when the row is on disk, on the writer's thread; fails with {@link StoreException}, at once when too many rows wait already or
     *     the writer is closed, and when it could not be written before the writer was closed
     */
    public CompletionStage<Void> record(UsageRow row) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        synchronized (waiting) {
            if (closeBy != null) {
                return CompletableFuture.failedStage(new StoreException("the ledger is closed", null));
            }
            if (waiting.size() >= mostWaiting) {
                return CompletableFuture.failedStage(new StoreException(
                        mostWaiting
                                + " rows of the ledger wait to be written already: the database fails, or is too slow",
                        null));
            }
            waiting.add(new Waiting(row, written));
            waiting.notifyAll();
        }
        return written;
    }

    /** Writes what waits, for ten seconds at most; what is not written by then fails. */
    @Override
    public void close() {
        synchronized (waiting) {
            closeBy = System.nanoTime() + closing.toNanos();
            waiting.notifyAll();
        }
        try {
            thread.join(closing.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failWhatWaits();
    }

    private void run() {
        int failures = 0;
        try {
            for (List<Waiting> batch = next(failures); !batch.isEmpty(); batch = next(failures)) {
                failures = write(batch) ? 0 : failures + 1;
            }
        } catch (InterruptedException e) {
            // Nobody but the end of the process interrupts it.
            Thread.currentThread().interrupt();
        }
    }

    /** @return the oldest rows, once there are any; none when it is over */
    private List<Waiting> next(int failures) throws InterruptedException {
        synchronized (waiting) {
            if (failures > 0) {
                pause(failures);
            }
            while (waiting.isEmpty() && closeBy == null) {
                waiting.wait();
            }
            return isOver() ? List.of() : waiting.stream().limit(MOST_ROWS).toList();
        }
    }

    /** Of full length whatever wakes it, but never beyond the end. */
    private void pause(int failures) throws InterruptedException {
        long until = System.nanoTime() + (firstPause.toNanos() << Math.min(failures - 1, MOST_DOUBLINGS));
        for (long now = System.nanoTime(); now - until < 0 && !isOver(); now = System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(
                    waiting, closeBy == null ? until - now : Math.min(until - now, closeBy - now));
        }
    }

    private boolean isOver() {
        return closeBy != null && System.nanoTime() - closeBy >= 0;
    }

    private boolean write(List<Waiting> batch) {
        try {
            ledger.record(batch.stream().map(Waiting::row).toList());
        } catch (RuntimeException e) {
            log.warn("{} rows of the ledger are kept and tried again: {}", batch.size(), e.getMessage());
            return false;
        }
        synchronized (waiting) {
            // Whoever closes may have given up on them.
            batch.forEach(row -> waiting.poll());
        }
        batch.forEach(row -> row.written().complete(null));
        return true;
    }

    private void failWhatWaits() {
        List<Waiting> lost;
        synchronized (waiting) {
            lost = List.copyOf(waiting);
            waiting.clear();
        }
        if (!lost.isEmpty()) {
            log.error("{} rows of the ledger could not be written before the end", lost.size());
        }
        StoreException failure = new StoreException("the ledger was closed before it could be written", null);
        lost.forEach(row -> row.written().completeExceptionally(failure));
    }
}
