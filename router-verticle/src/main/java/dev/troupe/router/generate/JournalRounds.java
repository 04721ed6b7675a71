package dev.troupe.router.generate;

import dev.troupe.cache.journal.Journal.Appended;
import dev.troupe.cache.journal.JournalCommand.Addition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what has come before it is told, everything of one moment at once. While one write is under way, what comes waits for the next.
 *
 * <p>A write that takes long does not hold the streams up for ever: after {@link #PATIENCE_MILLIS} they go on, and what is not known to be
 * written is written again with the next. Only the death of this router in that very moment could then part a stream from its journal: the
 * journal stands still when a process of the pool has died or hangs, and two at a time are not promised.
 */
final class JournalRounds {
    static final long PATIENCE_MILLIS = 300;
    /** Between two writes at least, so that what many replicas make at about the same time is one. A step takes longer. */
    static final long PACE_MILLIS = 4;

    private static final Logger log = LoggerFactory.getLogger(JournalRounds.class);

    private final Pool pool;
    private final Runnable onDone;
    private final Set<Generation> waiting = new LinkedHashSet<>();
    private boolean writing;
    private boolean due;
    private long lastStart;
    private boolean failing;

    /** @param onDone after each round */
    JournalRounds(Pool pool, Runnable onDone) {
        this.pool = pool;
        this.onDone = onDone;
    }

    private record Page(Generation generation, Generation.Draft draft) {}

    void add(Generation generation) {
        waiting.add(generation);
    }

    /** Writes what waits, unless a write is under way. */
    void start() {
        if (writing || due || waiting.isEmpty()) {
            return;
        }
        long early = lastStart + PACE_MILLIS - now();
        if (early > 0 && lastStart != 0) {
            due = true;
            pool.timers().after(early, () -> {
                due = false;
                write();
            });
        } else {
            write();
        }
    }

    private void write() {
        List<Page> pages = new ArrayList<>();
        List<Addition> additions = new ArrayList<>();
        for (Generation generation : waiting) {
            Generation.Draft draft = generation.draft();
            if (!draft.isEmpty()) {
                pages.add(new Page(generation, draft));
                additions.addAll(draft.additions());
            }
        }
        waiting.clear();
        if (pages.isEmpty()) {
            return;
        }
        writing = true;
        lastStart = now();
        Round round = new Round(pages);
        pool.journal().append(pool.routerId(), additions).whenComplete((appended, failure) -> pool.timers()
                .run(() -> round.written(failure == null ? appended : Appended.ALL, failure)));
        if (!round.over) {
            pool.timers().after(PATIENCE_MILLIS, round::late);
        }
    }

    private final class Round {
        private final List<Page> pages;
        private final long begunAt = now();
        private boolean over;

        Round(List<Page> pages) {
            this.pages = pages;
        }

        void written(Appended appended, Throwable failure) {
            report(failure);
            for (Page page : pages) {
                if (appended.taken().contains(page.generation().streamId())) {
                    page.generation().taken();
                } else if (appended.missing().contains(page.generation().streamId())) {
                    page.generation().missing();
                } else if (failure == null) {
                    page.generation().written(page.draft());
                }
            }
            finish();
        }

        void late() {
            // Much later than it was meant: this process has stood still, and another may have its streams by now.
            boolean paused = now() - begunAt > 2 * PATIENCE_MILLIS;
            if (!over && !paused) {
                pages.forEach(page -> waiting.add(page.generation()));
                finish();
            }
        }

        private void finish() {
            if (over) {
                return;
            }
            over = true;
            writing = false;
            pages.forEach(page -> page.generation().release(page.draft()));
            onDone.run();
            start();
        }
    }

    private long now() {
        return pool.clock().getAsLong();
    }

    /** Once, and not thirty times a second for as long as it lasts. */
    private void report(Throwable failure) {
        if (failure != null && !failing) {
            log.warn("The journal does not write; streams go on, but would not outlive this router", failure);
        } else if (failure == null && failing) {
            log.info("The journal writes again");
        }
        failing = failure != null;
    }
}
