package dev.troupe.cache.hazelcast;

import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.listener.EntryAddedListener;
import dev.troupe.cache.shared.ChunkEntry;
import dev.troupe.cache.shared.ChunkName;
import dev.troupe.cache.shared.PrefixSpace;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.TokenIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chunks of hot prefixes in the memory of all members, each with a copy on another member, so that the end of any one process loses
 * none. Every member bounds what lies on itself.
 */
public final class HazelcastPrefixes implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HazelcastPrefixes.class);

    static final String CHUNKS = "troupe.prefixes";
    static final String USES = "troupe.prefixes.used";

    /** Chunks that wait to be stored; more are dropped, so that offering never takes much memory. */
    private static final int MOST_WAITING = 32;

    private final IMap<String, byte[]> chunks;
    private final IMap<String, Long> uses;
    private final Duration lifetime;
    private final PrefixTraffic traffic;
    private final ThreadPoolExecutor storing;
    private final MemoryBound bound;
    private final UUID listener;

    /**
     * @param memory bytes that chunks and copies may take on this member
     * @param lifetime after which a chunk goes, used or not
     */
    public HazelcastPrefixes(HazelcastInstance hazelcast, long memory, Duration lifetime, PrefixTraffic traffic) {
        // The same on every member, as Hazelcast demands; what differs between members is bounded by us.
        hazelcast.getConfig().addMapConfig(config(CHUNKS)).addMapConfig(config(USES));
        this.chunks = hazelcast.getMap(CHUNKS);
        this.uses = hazelcast.getMap(USES);
        this.lifetime = lifetime;
        this.traffic = traffic;
        this.storing = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> daemon(task, "prefixes-store"),
                (task, executor) -> traffic.dropped());
        this.bound = new MemoryBound(chunks, uses, memory, traffic);
        this.listener = chunks.addLocalEntryListener((EntryAddedListener<String, byte[]>) added -> bound.look());
    }

    private static MapConfig config(String name) {
        return new MapConfig(name)
                .setInMemoryFormat(InMemoryFormat.BINARY)
                // A cache may lose what was stored in the last milliseconds, so nobody waits for the copy.
                .setBackupCount(0)
                .setAsyncBackupCount(1);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Stores a prefix's last chunk if it is not there yet, or drops it when too many wait. Returns at once. */
    public void offer(PrefixSpace space, TokenIds prefix, byte[] chunk) {
        storing.execute(() -> store(space, prefix, chunk));
    }

    private void store(PrefixSpace space, TokenIds prefix, byte[] chunk) {
        try {
            List<ChunkName> names = space.names(prefix);
            String key = names.get(names.size() - 1).key();
            if (!chunks.containsKey(key)) {
                chunks.set(key, ChunkEntry.encode(space, prefix, chunk), lifetime.toMillis(), TimeUnit.MILLISECONDS);
                traffic.stored(chunk.length);
            }
            used(key);
        } catch (RuntimeException e) {
            log.debug("A prefix was not stored: {}", e.toString());
            traffic.dropped();
        }
    }

    private void used(String key) {
        uses.setAsync(key, System.currentTimeMillis(), lifetime.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Brings the chunks of a prefix from a token on, as far as they are there without a gap. The first is asked for alone, so that a miss
     * costs one small question.
     */
    public CompletionStage<List<byte[]>> fetch(PrefixSpace space, TokenIds prefix, int fromToken) {
        long began = System.nanoTime();
        List<ChunkName> names = space.names(prefix);
        List<ChunkName> wanted = names.subList(fromToken / KvCopy.CHUNK_TOKENS, names.size());
        return one(space, prefix, wanted.get(0))
                .thenCompose(first -> first.isEmpty()
                        ? CompletableFuture.completedFuture(List.<Optional<byte[]>>of())
                        : rest(space, prefix, wanted, first))
                .thenApply(found -> {
                    List<byte[]> unbroken = unbroken(found);
                    traffic.fetched(
                            unbroken.stream().mapToLong(chunk -> chunk.length).sum(), System.nanoTime() - began);
                    return unbroken;
                });
    }

    private CompletionStage<Optional<byte[]>> one(PrefixSpace space, TokenIds prefix, ChunkName name) {
        return chunks.getAsync(name.key()).thenApply(entry -> {
            Optional<byte[]> chunk = Optional.ofNullable(entry)
                    .flatMap(bytes -> ChunkEntry.chunk(bytes, space, prefix.slice(0, name.tokens())));
            if (chunk.isPresent()) {
                used(name.key());
            }
            return chunk;
        });
    }

    private CompletionStage<List<Optional<byte[]>>> rest(
            PrefixSpace space, TokenIds prefix, List<ChunkName> wanted, Optional<byte[]> first) {
        CompletionStage<List<Optional<byte[]>>> all =
                CompletableFuture.completedFuture(new ArrayList<>(List.of(first)));
        List<CompletionStage<Optional<byte[]>>> asked = wanted.subList(1, wanted.size()).stream()
                .map(name -> one(space, prefix, name))
                .toList();
        for (CompletionStage<Optional<byte[]>> one : asked) {
            all = all.thenCombine(one, (found, next) -> {
                found.add(next);
                return found;
            });
        }
        return all;
    }

    private static List<byte[]> unbroken(List<Optional<byte[]>> found) {
        return found.stream().takeWhile(Optional::isPresent).map(Optional::get).toList();
    }

    /** @return bytes that chunks and copies took on this member when it was last looked at, within the last seconds */
    public long heldBytes() {
        return bound.heldBytes();
    }

    /** Stops; before the member leaves. What is stored stays in the pool. */
    @Override
    public void close() {
        chunks.removeEntryListener(listener);
        storing.shutdownNow();
        bound.close();
    }
}
