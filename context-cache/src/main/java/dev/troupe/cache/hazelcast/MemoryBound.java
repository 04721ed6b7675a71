package dev.troupe.cache.hazelcast;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import com.hazelcast.map.LocalMapStats;
import dev.troupe.cache.shared.Eviction;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what lies on this member below its bound, on a thread of its own. Hazelcast's own eviction looks only into the partition that is
 * written to; with hundreds of partitions and few large entries it would find nothing there to remove.
 */
final class MemoryBound implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MemoryBound.class);
    private static final long LOOK_SECONDS = 2;

    /** Once over the bound, so much of it is left filled, so that not every new chunk has to look for a victim. */
    private static final double FILLED_AFTERWARDS = 0.9;

    private final IMap<String, byte[]> chunks;
    private final IMap<String, Long> uses;
    private final long most;
    private final PrefixTraffic traffic;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread = HazelcastPrefixes.daemon(this::watch, "prefixes-bound");
    private volatile long held;

    MemoryBound(IMap<String, byte[]> chunks, IMap<String, Long> uses, long most, PrefixTraffic traffic) {
        this.chunks = chunks;
        this.uses = uses;
        this.most = most;
        this.traffic = traffic;
        thread.start();
    }

    long heldBytes() {
        return held;
    }

    /** Something has come. Returns at once. */
    void look() {
        wake.release();
    }

    private void watch() {
        try {
            while (true) {
                // Also without new chunks: when a member leaves, what it held comes to the others.
                boolean woken = wake.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
                log.trace("Looking at the prefixes of this member, {}", woken ? "for something has come" : "as ever");
                wake.drainPermits();
                trim();
            }
        } catch (InterruptedException closed) {
            log.debug("No longer looking at the prefixes of this member");
        }
    }

    private void trim() {
        try {
            LocalMapStats stats = chunks.getLocalMapStats();
            long now = stats.getOwnedEntryMemoryCost() + stats.getBackupEntryMemoryCost();
            if (now > most && stats.getOwnedEntryCount() > 0) {
                now -= evict(ownShare(now, stats), stats.getOwnedEntryMemoryCost() / stats.getOwnedEntryCount());
            }
            held = now;
        } catch (HazelcastInstanceNotActiveException e) {
            log.debug("The member has left: {}", e.getMessage());
        } catch (HazelcastException e) {
            // The next look finds it.
            log.debug("Could not look at the prefixes of this member: {}", e.toString());
        }
    }

    /**
     * Bytes of what this member owns that have to go. What lies here as a copy goes by its owner: a member that has many copies and owns
     * little, as one does that has just joined, would otherwise throw away all that it owns, however much that is used.
     */
    private long ownShare(long now, LocalMapStats stats) {
        double tooMuch = now - most * FILLED_AFTERWARDS;
        return Math.round(tooMuch * stats.getOwnedEntryMemoryCost() / now);
    }

    /**
     * Makes room.
     *
     * @param tooMuch bytes that have to go, to the nearest whole chunk
     * @param each bytes of a chunk, about
     * @return bytes that went, about
     */
    private long evict(long tooMuch, long each) {
        Iterator<String> victims =
                Eviction.order(lastUses(chunks.localKeySet())).iterator();
        long gone = 0;
        while (gone + each / 2 < tooMuch && victims.hasNext()) {
            String victim = victims.next();
            chunks.delete(victim);
            uses.delete(victim);
            traffic.evicted();
            gone += each;
        }
        return gone;
    }

    private Map<String, Long> lastUses(Set<String> keys) {
        Map<String, Long> last = new HashMap<>();
        keys.forEach(key -> last.put(key, 0L));
        last.putAll(uses.getAll(keys));
        return last;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
