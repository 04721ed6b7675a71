package dev.troupe.node;

import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cluster.Cluster;
import dev.troupe.store.Database;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The conversations of a process with a router, and where they are kept. */
final class KeptConversations implements AutoCloseable {
    /** As many as the database has connections. */
    private static final int THREADS = 8;

    private final Optional<Database> database;
    private final ExecutorService blocking = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "troupe-store");
        thread.setDaemon(true);
        return thread;
    });

    KeptConversations(Optional<Database> database) {
        this.database = database;
    }

    Conversations of(Cluster cluster) {
        return database.<Conversations>map(open -> HazelcastConversations.over(
                        cluster.hazelcast(), new StoredConversations(open.conversations(), blocking)))
                .orElseGet(() -> HazelcastConversations.inMemory(cluster.hazelcast()));
    }

    @Override
    public void close() {
        blocking.shutdown();
        database.ifPresent(Database::close);
    }
}
