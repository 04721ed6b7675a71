package dev.troupe.router.http;

import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.generate.Refusals;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * Reads along in the journal what some router works on, or has ended, and tells it to a client that has come back, or come late. It owns
 * nothing: as many may read one stream as like to.
 */
final class Follower {
    private static final long SOONEST_MILLIS = 20;
    private static final long LATEST_MILLIS = 200;

    private final Vertx vertx;
    private final StreamBook book;
    private final Exchanges exchanges;
    private final HttpServerResponse response;
    private final JournaledStream first;
    private final Replay replay;
    private final Answer answer;
    private long pause = SOONEST_MILLIS;
    private boolean over;

    Follower(
            Vertx vertx,
            StreamBook book,
            Exchanges exchanges,
            HttpServerResponse response,
            JournaledStream first,
            Replay replay,
            Answer answer) {
        this.vertx = vertx;
        this.book = book;
        this.exchanges = exchanges;
        this.response = response;
        this.first = first;
        this.replay = replay;
        this.answer = answer;
    }

    void start() {
        exchanges.opened(this);
        response.closeHandler(closed -> end());
        response.exceptionHandler(failure -> end());
        answer.start();
        take(first);
    }

    private void take(JournaledStream news) {
        boolean fresh = news.choices().stream().anyMatch(log -> !log.tokens().isEmpty());
        pause = fresh ? SOONEST_MILLIS : Math.min(LATEST_MILLIS, pause * 2);
        replay.feed(news, answer);
        // Also when all of the text is there: whoever works on it may have more to do, as to append it to its
        // conversation.
        if (news.outcome().isEmpty()) {
            vertx.setTimer(pause, timer -> poll());
            return;
        }
        end();
        switch (news.outcome().get().kind()) {
            case DONE -> {
                if (replay.isEnded()) {
                    answer.finish(replay.usage());
                } else {
                    answer.fail(ApiError.internal("internal_error", "The end of this answer was not written down."));
                }
            }
            case FAILED -> answer.fail(StreamBook.error(news.outcome().get().error()));
            case CANCELLED -> answer.fail(StreamBook.cancelled(news.head().streamId()));
        }
    }

    private void poll() {
        if (over) {
            return;
        }
        if (answer.full()) {
            vertx.setTimer(LATEST_MILLIS, timer -> poll());
            return;
        }
        book.read(first.head().streamId(), first.head().tenant(), replay.known())
                .onComplete(this::polled);
    }

    private void polled(AsyncResult<Optional<JournaledStream>> read) {
        if (over) {
            return;
        }
        if (read.failed()) {
            // The journal stands still while the pool finds out who has died.
            vertx.setTimer(LATEST_MILLIS, timer -> poll());
        } else if (read.result().isPresent()) {
            take(read.result().get());
        } else {
            end();
            answer.fail(StreamRoute.unknown(first.head().streamId()));
        }
    }

    void tick(long now) {
        if (answer.isStalled(now)) {
            cut(Refusals.moved());
        } else {
            answer.tick(now);
        }
    }

    void cut(ApiError error) {
        if (!over) {
            end();
            answer.cut(error);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            exchanges.closed(this);
        }
    }
}
