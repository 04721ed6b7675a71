package dev.troupe.node;

import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.router.tenant.KeyRing;
import dev.troupe.router.tenant.Stores;
import dev.troupe.store.AuditEntry;
import dev.troupe.store.Database;
import dev.troupe.store.StoreException;
import dev.troupe.store.TenancyStore;
import dev.troupe.store.UsageWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a process with a router keeps, and where: in its database, or as long as the pool lives. */
final class Persistence implements AutoCloseable {
    /** As many as the database has connections. */
    private static final int THREADS = 8;
    /** Rows of the ledger that wait for the database at most: some 20 MB. */
    private static final int MOST_WAITING_ROWS = 100_000;

    private static final Logger log = LoggerFactory.getLogger(Persistence.class);
    /** Between two times that what is too old is deleted. */
    private static final int CLEAN_MINUTES = 60;
    /** Nobody needs a day between writing a picture's content and the picture. */
    private static final Duration CONTENT_WITHOUT_PICTURE = Duration.ofDays(1);

    private final Optional<Database> database;
    private final Optional<Stores> stores;
    private final Timer cleaning = new Timer("troupe-store-cleaning", true);
    private final ExecutorService blocking = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "troupe-store");
        thread.setDaemon(true);
        return thread;
    });

    /** @param picturesKept how long; empty: until they are deleted */
    Persistence(Optional<Database> database, Optional<Duration> picturesKept) {
        this.database = database;
        this.stores = database.map(open -> Stores.of(open, new UsageWriter(open.usage(), MOST_WAITING_ROWS)));
        database.ifPresent(open -> cleaning.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        clean(open, picturesKept);
                    }
                },
                0,
                TimeUnit.MINUTES.toMillis(CLEAN_MINUTES)));
    }

    private static void clean(Database open, Optional<Duration> picturesKept) {
        long now = System.currentTimeMillis();
        try {
            open.requests().deleteBefore(now - open.requestLogKept().toMillis());
            picturesKept.ifPresent(kept -> open.pictures().deleteBefore(now - kept.toMillis()));
            open.sweepBlobs(now / 1000 - CONTENT_WITHOUT_PICTURE.toSeconds());
        } catch (StoreException e) {
            log.warn("What is too old could not be deleted: {}", e.getMessage());
        }
    }

    Conversations conversations(Cluster cluster) {
        return database.<Conversations>map(open -> HazelcastConversations.over(
                        cluster.hazelcast(), new StoredConversations(open.conversations(), blocking)))
                .orElseGet(() -> HazelcastConversations.inMemory(cluster.hazelcast()));
    }

    /** @return empty where there is no database */
    Optional<Stores> stores() {
        return stores;
    }

    /** Makes the operator's key known, unless it is. Blocks. */
    void register(AdminKey admin) {
        TenancyStore tenancy = stores.orElseThrow().tenancy();
        ApiKey key = admin.key();
        if (tenancy.load().keys().stream().noneMatch(known -> known.id().equals(key.id()))) {
            tenancy.create(Tenant.named(Tenant.LOCAL, admin.madeAt()), audit(admin, "tenant.create", Tenant.LOCAL));
            tenancy.create(key, audit(admin, "key.create", key.id()));
        }
    }

    private static AuditEntry audit(AdminKey admin, String action, String subject) {
        return new AuditEntry(admin.madeAt(), Tenant.LOCAL, action, subject, "{}");
    }

    /** @return whether a key was ever made, other than the operator's; blocks */
    boolean keysMade() {
        return stores.map(open -> new KeyRing(open.tenancy().load()).keysMade()).orElse(false);
    }

    @Override
    public void close() {
        cleaning.cancel();
        stores.ifPresent(open -> open.writer().close());
        blocking.shutdown();
        database.ifPresent(Database::close);
    }
}
