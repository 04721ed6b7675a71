package dev.troupe.router.tenant;

import dev.troupe.store.TenancyStore;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This router's copy of all tenants and keys. It looks for changes twice a second, so that a key that is revoked anywhere is refused
 * everywhere within a second; while the database does not answer, what was known last holds.
 */
public final class TenantDirectory {
    private static final Logger log = LoggerFactory.getLogger(TenantDirectory.class);
    /** Between two looks. */
    public static final long LOOK_MILLIS = 400;

    private final TenancyStore store;
    private final WorkerExecutor workers;
    private volatile KeyRing ring = KeyRing.EMPTY;
    private boolean looking;

    public TenantDirectory(TenancyStore store, WorkerExecutor workers) {
        this.store = store;
        this.workers = workers;
    }

    public KeyRing ring() {
        return ring;
    }

    /** @return completes when everything is known; fails when the database does */
    public Future<Void> load() {
        return workers.executeBlocking(this::newest, false).map(newest -> {
            ring = newest;
            return null;
        });
    }

    private KeyRing newest() {
        KeyRing known = ring;
        return store.version() == known.version() && known != KeyRing.EMPTY ? known : new KeyRing(store.load());
    }

    /** Looks for changes, unless it is looking already. */
    public void look() {
        if (!looking) {
            looking = true;
            load().onComplete(looked -> {
                looking = false;
                if (looked.failed()) {
                    log.warn(
                            "Could not look for changes of tenants and keys: {}",
                            looked.cause().getMessage());
                }
            });
        }
    }

    /**
     * Changes something.
     *
     * @param change blocks
     * @return when this router, too, goes by it
     */
    public <T> Future<T> change(Callable<T> change) {
        return workers.executeBlocking(change, false).compose(made -> load().map(made));
    }

    TenancyStore store() {
        return store;
    }
}
