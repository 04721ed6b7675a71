package dev.troupe.router;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.limits.RateLimits;
import dev.troupe.router.http.PoolAdmin;
import dev.troupe.router.picture.PictureBooks;
import dev.troupe.router.tenant.Stores;
import java.util.Optional;

/**
 * Where a router stands in its pool.
 *
 * @param nodeId of its process; a process has one router, and no later one has its id
 * @param journal that all routers share
 * @param conversations of the pool; absent where none are kept
 * @param limits of tenants and keys, which all routers share
 * @param stores absent where there is no database
 * @param pictures absent where none are made
 */
public record RouterPlace(
        String nodeId,
        Journal journal,
        PoolAdmin admin,
        Optional<Conversations> conversations,
        RateLimits limits,
        Optional<Stores> stores,
        Optional<PictureBooks> pictures) {
    private static final String PREFIX = "router-";

    public RouterPlace {
        requireNonNull(nodeId);
        requireNonNull(journal);
        requireNonNull(admin);
        requireNonNull(conversations);
        requireNonNull(limits);
        requireNonNull(stores);
        requireNonNull(pictures);
    }

    /** The same with pictures. */
    public RouterPlace withPictures(PictureBooks books) {
        return new RouterPlace(nodeId, journal, admin, conversations, limits, stores, Optional.of(books));
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
