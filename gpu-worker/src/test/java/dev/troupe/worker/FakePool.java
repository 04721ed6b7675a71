package dev.troupe.worker;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.TokenIds;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A pool that forgets nothing. */
final class FakePool implements PoolPrefixes {
    private final Map<Name, byte[]> chunks = new ConcurrentHashMap<>();

    private record Name(String kvFormat, String tenant, TokenIds prefix) {}

    byte[] chunk(String kvFormat, String tenant, TokenIds prefix) {
        return chunks.get(new Name(kvFormat, tenant, prefix));
    }

    @Override
    public void offer(String kvFormat, String tenant, TokenIds prefix, byte[] chunk) {
        chunks.put(new Name(kvFormat, tenant, prefix), chunk);
    }

    @Override
    public Future<List<byte[]>> fetch(String kvFormat, PrefixFetch fetch) {
        List<byte[]> found = new ArrayList<>();
        for (int end = fetch.fromToken() + KvCopy.CHUNK_TOKENS;
                end <= fetch.prefix().size();
                end += KvCopy.CHUNK_TOKENS) {
            byte[] chunk = chunk(kvFormat, fetch.tenant(), fetch.prefix().slice(0, end));
            if (chunk == null) {
                break;
            }
            found.add(chunk);
        }
        return Future.succeededFuture(found);
    }
}
