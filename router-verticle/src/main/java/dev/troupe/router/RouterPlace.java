package dev.troupe.router;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.journal.Journal;
import dev.troupe.router.http.PoolAdmin;

/**
 * Where a router stands in its pool.
 *
 * @param nodeId of its process; a process has one router, and no later one has its id
 * @param journal that all routers share
 */
public record RouterPlace(String nodeId, Journal journal, PoolAdmin admin) {
    private static final String PREFIX = "router-";

    public RouterPlace {
        requireNonNull(nodeId);
        requireNonNull(journal);
        requireNonNull(admin);
    }

    /** The router of a process, as batchers and the journal name it. */
    public static String routerId(String nodeId) {
        return PREFIX + nodeId;
    }

    /** @return the process of a router */
    static String nodeId(String routerId) {
        return routerId.startsWith(PREFIX) ? routerId.substring(PREFIX.length()) : routerId;
    }

    String routerId() {
        return routerId(nodeId);
    }
}
