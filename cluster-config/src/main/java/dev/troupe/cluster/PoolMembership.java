package dev.troupe.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.vertx.core.Completable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vert.x's member of the cluster, but for one thing: it does not merge. When Hazelcast has found the larger side of a split again, it
 * would carry the member over as it is. What is still on its way in Vert.x from the time of the split, such as taking the other side's
 * addresses off the list, would then be done to the whole pool. So this member ends there and then.
 */
final class PoolMembership extends HazelcastClusterManager {
    private static final Logger log = LoggerFactory.getLogger(PoolMembership.class);

    private final Promise<Void> cutOff = Promise.promise();
    private volatile boolean endedByMerge;

    PoolMembership(Config config) {
        super(config);
    }

    Future<Void> cutOff() {
        return cutOff.future();
    }

    /** Sooner than {@link #cutOff}: whatever fails of this member from now on fails because of it. */
    boolean hasEndedByMerge() {
        return endedByMerge;
    }

    /**
     * Vert.x's own does something only after a merge, and waits for whoever cleans up after another member, which waits for the pool: a
     * member that ends would never end.
     */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public void stateChanged(LifecycleEvent event) {
        if (event.getState() == LifecycleState.MERGING) {
            endedByMerge = true;
            // This thread is the one that merges, and holds the lock that merging and ending share. What it goes on to
            // do finds that the member has ended, and fails, which nobody need read.
            Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> log.debug("not merged", failure));
            getHazelcastInstance().getLifecycleService().terminate();
            cutOff.tryComplete();
        }
    }

    @Override
    public void leave(Completable<Void> left) {
        Promise<Void> leaving = Promise.promise();
        super.leave(leaving);
        leaving.future()
                .recover(failure -> failure instanceof HazelcastInstanceNotActiveException
                        ? Future.succeededFuture()
                        : Future.failedFuture(failure))
                .onComplete(left);
    }
}
