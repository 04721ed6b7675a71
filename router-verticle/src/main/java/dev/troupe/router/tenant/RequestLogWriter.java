package dev.troupe.router.tenant;

import dev.troupe.store.LoggedRequest;
import dev.troupe.store.RequestLog;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what is to be logged of requests and writes it now and then. On the event loop; the writing is on worker threads. */
public final class RequestLogWriter {
    private static final Logger log = LoggerFactory.getLogger(RequestLogWriter.class);
    /** Between two times that it should be written. */
    public static final long FLUSH_MILLIS = 500;
    /** Requests that wait at most; the oldest are dropped, for a log must not take a router's memory. */
    private static final int MOST_WAITING = 10_000;

    private static final int MOST_AT_ONCE = 500;

    private final RequestLog store;
    private final WorkerExecutor workers;
    private final Deque<LoggedRequest> waiting = new ArrayDeque<>();
    private boolean writing;
    private long dropped;

    public RequestLogWriter(RequestLog store, WorkerExecutor workers) {
        this.store = store;
        this.workers = workers;
    }

    void add(LoggedRequest request) {
        if (waiting.size() >= MOST_WAITING) {
            waiting.removeFirst();
            dropped++;
        }
        waiting.add(request);
    }

    /** Writes what there is. @return completes when it is written, or could not be and waits for the next time */
    public Future<Void> flush() {
        if (writing || waiting.isEmpty()) {
            return Future.succeededFuture();
        }
        writing = true;
        List<LoggedRequest> some = new ArrayList<>();
        while (!waiting.isEmpty() && some.size() < MOST_AT_ONCE) {
            some.add(waiting.removeFirst());
        }
        return workers.<Void>executeBlocking(
                        () -> {
                            store.write(some);
                            return null;
                        },
                        false)
                .onComplete(written -> {
                    writing = false;
                    if (written.failed()) {
                        log.warn(
                                "Could not log {} requests: {}",
                                some.size(),
                                written.cause().getMessage());
                        for (int i = some.size() - 1; i >= 0 && waiting.size() < MOST_WAITING; i--) {
                            waiting.addFirst(some.get(i));
                        }
                    } else if (dropped > 0) {
                        log.warn("{} requests were not logged, since the database was too slow", dropped);
                        dropped = 0;
                    }
                })
                .otherwiseEmpty();
    }
}
