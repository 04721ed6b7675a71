package dev.troupe.worker;

import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.Future;
import java.util.List;

/**
 * The pool's memory of hot prefixes, as a worker reaches it. An implementation owes:
 *
 * <ol>
 *   <li>Both calls return at once, from any thread.
 *   <li>A chunk is given back only for the tenant, the tokens and the {@code kvFormat} that it was offered with, all of them compared.
 *   <li>What was offered may be lost at any time.
 * </ol>
 */
public interface PoolPrefixes {
    /**
     * Takes the keys and values of a prefix's last chunk, or drops them.
     *
     * @param kvFormat what the bytes mean
     */
    void offer(String kvFormat, String tenant, TokenIds prefix, byte[] chunk);

    /** @return the chunks from the fetch's first missing token on, as far as they follow each other without a gap */
    Future<List<byte[]>> fetch(String kvFormat, PrefixFetch fetch);

    /** Remembers nothing. */
    PoolPrefixes NONE = new PoolPrefixes() {
        @Override
        public void offer(String kvFormat, String tenant, TokenIds prefix, byte[] chunk) {}

        @Override
        public Future<List<byte[]>> fetch(String kvFormat, PrefixFetch fetch) {
            return Future.succeededFuture(List.of());
        }
    };
}
