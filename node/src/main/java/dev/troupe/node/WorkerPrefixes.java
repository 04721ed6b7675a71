package dev.troupe.node;

import dev.troupe.cache.hazelcast.HazelcastPrefixes;
import dev.troupe.cache.shared.PrefixSpace;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.worker.PoolPrefixes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;

/** The pool's memory of prefixes of one model, as its worker sees it. */
final class WorkerPrefixes implements PoolPrefixes {
    private final HazelcastPrefixes prefixes;
    private final String fingerprint;
    private final Vertx vertx;

    WorkerPrefixes(HazelcastPrefixes prefixes, String fingerprint, Vertx vertx) {
        this.prefixes = prefixes;
        this.fingerprint = fingerprint;
        this.vertx = vertx;
    }

    @Override
    public void offer(String kvFormat, String tenant, TokenIds prefix, byte[] chunk) {
        prefixes.offer(new PrefixSpace(fingerprint, kvFormat, tenant), prefix, chunk);
    }

    @Override
    public Future<List<byte[]>> fetch(String kvFormat, PrefixFetch fetch) {
        PrefixSpace space = new PrefixSpace(fingerprint, kvFormat, fetch.tenant());
        return Future.fromCompletionStage(
                prefixes.fetch(space, fetch.prefix(), fetch.fromToken()), vertx.getOrCreateContext());
    }
}
