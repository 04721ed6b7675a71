package dev.troupe.cache.shared;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cache.PrefixMatch;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which chunks are worth the pool's memory and not known to be there. Whoever says that a prefix is hot may say so as often as it likes;
 * each chunk of it is handed out once, and once more after a while, since the pool may have lost it and wants to know what is still used.
 */
public final class HotPrefixes {
    private static final int CHUNK_BLOCKS = KvCopy.CHUNK_TOKENS / KvCopy.BLOCK_TOKENS;

    /** Each of them may hold the text of a whole prompt. */
    private static final int MOST_PENDING = 256;

    private final int most;
    private final long againMillis;
    private final Deque<Pending> pending = new ArrayDeque<>();
    /** When a chunk was last said to be there, the longest ago first. */
    private final LinkedHashMap<PrefixHash, Long> known = new LinkedHashMap<>();

    private record Pending(String tenant, TokenIds text, int end) {}

    /** A chunk to offer: the last of this prefix. */
    public record Chunk(String tenant, TokenIds prefix) {}

    /**
     * @param most chunks that are remembered, and at most as many that wait to be offered; beyond it hot chunks are dropped
     * @param againMillis after which a chunk may be offered once more
     */
    public HotPrefixes(int most, long againMillis) {
        this.most = most;
        this.againMillis = againMillis;
    }

    /**
     * A prefix is hot.
     *
     * @param text that begins with it
     * @param match of it, for its length and names
     */
    public void hot(String tenant, TokenIds text, PrefixMatch match, long nowMillis) {
        for (int blocks = CHUNK_BLOCKS; blocks <= match.blocks().size(); blocks += CHUNK_BLOCKS) {
            Long since = known.get(match.names().get(blocks - 1));
            if ((since == null || nowMillis - since >= againMillis) && pending.size() < Math.min(most, MOST_PENDING)) {
                remember(match.names().get(blocks - 1), nowMillis);
                pending.add(new Pending(tenant, text, blocks * KvCopy.BLOCK_TOKENS));
            }
        }
    }

    /** The chunks of a prefix from a token on are in the pool: they came from there. */
    public void inPool(PrefixMatch match, int fromToken, long nowMillis) {
        for (int blocks = fromToken / KvCopy.BLOCK_TOKENS + CHUNK_BLOCKS;
                blocks <= match.blocks().size();
                blocks += CHUNK_BLOCKS) {
            remember(match.names().get(blocks - 1), nowMillis);
        }
    }

    private void remember(PrefixHash name, long nowMillis) {
        known.remove(name);
        known.put(name, nowMillis);
        if (known.size() > most) {
            Map.Entry<PrefixHash, Long> eldest = known.entrySet().iterator().next();
            known.remove(eldest.getKey());
        }
    }

    /** The next chunk to offer, which is no longer here then. */
    public Optional<Chunk> next() {
        return Optional.ofNullable(pending.poll())
                .map(chunk -> new Chunk(chunk.tenant, chunk.text.slice(0, chunk.end)));
    }

    /** What was offered may not have arrived. */
    public void clear() {
        pending.clear();
        known.clear();
    }
}
