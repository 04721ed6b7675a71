package dev.troupe.worker;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.worker.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What was fetched from the pool and no plan has imported yet. Bytes and age are bounded: when too much lies here, further fetches bring
 * nothing, so that what a batcher has been promised stays.
 *
 * <p>Safe for several threads: fetches end on an event loop, plans import on the model thread.
 */
final class ReadyPrefixes {
    static final long MOST_BYTES = 64 << 20;

    /** Far longer than a batcher lets pass between a fetch and its import. */
    static final long LIFETIME_NANOS = 20_000_000_000L;

    private static final int CHUNK_BLOCKS = KvCopy.CHUNK_TOKENS / KvCopy.BLOCK_TOKENS;

    private final int blockBytes;
    private final LongSupplier nanoTime;
    private final Map<Long, Ready> byFetch = new LinkedHashMap<>();
    private long incarnation = Long.MIN_VALUE;

    private record Ready(int fromToken, List<byte[]> chunks, long sinceNanos) {}

    /** Blocks and what they are to hold. */
    static final class Piece {
        private final List<Integer> blocks;
        private final byte[] bytes;

        private Piece(List<Integer> blocks, byte[] bytes) {
            this.blocks = blocks;
            this.bytes = bytes;
        }

        void into(Model model) {
            model.writeBlocks(blocks, bytes);
        }
    }

    ReadyPrefixes(int blockBytes, LongSupplier nanoTime) {
        this.blockBytes = blockBytes;
        this.nanoTime = nanoTime;
    }

    /**
     * Keeps what a fetch has brought.
     *
     * @param chunks in order, from the fetch's first missing token on; one of a wrong size ends them
     * @return where what is ready ends, in tokens of the prefix
     */
    synchronized int add(PrefixFetch fetch, List<byte[]> chunks) {
        long now = nanoTime.getAsLong();
        if (fetch.incarnation() > incarnation) {
            incarnation = fetch.incarnation();
            byFetch.clear();
        }
        byFetch.values().removeIf(ready -> now - ready.sinceNanos > LIFETIME_NANOS);
        byFetch.remove(fetch.id());
        List<byte[]> good = wanted(fetch, chunks);
        if (fetch.incarnation() < incarnation || held() + (long) good.size() * chunkBytes() > MOST_BYTES) {
            return fetch.fromToken();
        }
        byFetch.put(fetch.id(), new Ready(fetch.fromToken(), good, now));
        return fetch.fromToken() + good.size() * KvCopy.CHUNK_TOKENS;
    }

    /**
     * What a plan imports, which is no longer here then.
     *
     * @return empty when anything of it is not here
     */
    synchronized Optional<List<Piece>> take(long byIncarnation, List<StepPlan.Import> imports) {
        var pieces = new ArrayList<Piece>();
        for (StepPlan.Import one : imports) {
            Ready ready = byIncarnation == incarnation ? byFetch.remove(one.fetch()) : null;
            int skipped = ready == null ? -1 : (one.fromToken() - ready.fromToken) / KvCopy.BLOCK_TOKENS;
            if (skipped < 0 || skipped + one.blocks().size() > ready.chunks.size() * CHUNK_BLOCKS) {
                return Optional.empty();
            }
            pieces.addAll(cut(ready.chunks, skipped, one.blocks()));
        }
        return Optional.of(pieces);
    }

    /** By chunks, so that a whole one is not copied once more. */
    private List<Piece> cut(List<byte[]> chunks, int skipped, List<Integer> blocks) {
        var pieces = new ArrayList<Piece>();
        for (int done = 0; done < blocks.size(); ) {
            int at = (skipped + done) % CHUNK_BLOCKS;
            int count = Math.min(CHUNK_BLOCKS - at, blocks.size() - done);
            byte[] chunk = chunks.get((skipped + done) / CHUNK_BLOCKS);
            byte[] bytes = count == CHUNK_BLOCKS
                    ? chunk
                    : Arrays.copyOfRange(chunk, at * blockBytes, (at + count) * blockBytes);
            pieces.add(new Piece(blocks.subList(done, done + count), bytes));
            done += count;
        }
        return pieces;
    }

    private List<byte[]> wanted(PrefixFetch fetch, List<byte[]> chunks) {
        int most = (fetch.prefix().size() - fetch.fromToken()) / KvCopy.CHUNK_TOKENS;
        return chunks.stream()
                .limit(most)
                .takeWhile(chunk -> chunk.length == chunkBytes())
                .toList();
    }

    private long held() {
        return byFetch.values().stream()
                .mapToLong(ready -> (long) ready.chunks.size() * chunkBytes())
                .sum();
    }

    private int chunkBytes() {
        return CHUNK_BLOCKS * blockBytes;
    }
}
