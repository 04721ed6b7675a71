package dev.troupe.router.http;

import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes connections on which nobody asks anything: those kept for a next request, those that never sent a whole one. A connection whose
 * answer takes its time is left alone, however long. One look at all of them now and then, instead of a timer each.
 */
public final class IdleConnections {
    private final long idleMillis;
    private final Map<HttpConnection, Use> open = new HashMap<>();

    /** @param idleMillis without a request in progress after which a connection is closed */
    public IdleConnections(long idleMillis) {
        this.idleMillis = idleMillis;
    }

    private static final class Use {
        private int requests;
        private long idleSince;

        Use(long idleSince) {
            this.idleSince = idleSince;
        }
    }

    public void opened(HttpConnection connection, long now) {
        open.put(connection, new Use(now));
        connection.closeHandler(closed -> open.remove(connection));
    }

    /** The head of a request has come. */
    void begun(HttpConnection connection) {
        Use use = open.get(connection);
        if (use != null) {
            use.requests++;
        }
    }

    /** A request is answered, or its connection is broken. */
    void ended(HttpConnection connection, long now) {
        Use use = open.get(connection);
        if (use != null) {
            use.requests--;
            use.idleSince = now;
        }
    }

    /** Time has passed. */
    public void tick(long now) {
        List<HttpConnection> idle = open.entrySet().stream()
                .filter(entry -> entry.getValue().requests == 0 && now - entry.getValue().idleSince >= idleMillis)
                .map(Map.Entry::getKey)
                .toList();
        idle.forEach(HttpConnection::close);
    }
}
