package dev.troupe.router.picture;

import dev.troupe.cache.picture.PictureJournal;
import dev.troupe.cluster.Bus;
import dev.troupe.router.generate.Pool.Timers;
import java.util.function.LongSupplier;

/**
 * What a job needs to reach the pool.
 *
 * @param routerId whom news is sent to, and who owns its jobs in the journal
 * @param clock milliseconds that only grow
 */
public record PicturePool(
        Bus bus,
        String routerId,
        PictureJournal journal,
        PictureKeeper keeper,
        Timers timers,
        PictureTimes times,
        LongSupplier clock) {

    /**
     * In milliseconds.
     *
     * @param admission for a worker to answer before it is asked again
     * @param replicaSilence without a heartbeat after which a worker is taken for dead
     * @param silence without news after which it is asked for
     * @param betweenProbes at most, whatever the news; the worker must hear that somebody listens
     * @param failover for a picture that has lost its worker to find another, and for one that is made to be kept
     * @param retry between two tries
     */
    public record PictureTimes(
            long admission, long replicaSilence, long silence, long betweenProbes, long failover, long retry) {
        public static final PictureTimes DEFAULT = new PictureTimes(5_000, 2_000, 2_000, 15_000, 60_000, 500);
    }
}
