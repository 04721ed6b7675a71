package dev.troupe.router.generate;

import dev.troupe.cache.journal.Journal;
import dev.troupe.cluster.Bus;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.replica.ReplicaDirectory;
import java.util.function.LongSupplier;

/**
 * What a generation needs to reach the pool.
 *
 * @param routerId whom tokens are sent to, and who owns its requests in the journal
 * @param timers for what must not wait for ever
 * @param clock milliseconds that only grow
 */
public record Pool(
        Bus bus,
        String routerId,
        ReplicaDirectory directory,
        Journal journal,
        Timers timers,
        RouterConfig config,
        LongSupplier clock) {

    /** What has to happen later, on the router's own thread. */
    public interface Timers {
        void after(long millis, Runnable task);

        /** Runs what another thread found out on the router's thread; at once when it is that thread. */
        void run(Runnable task);
    }
}
