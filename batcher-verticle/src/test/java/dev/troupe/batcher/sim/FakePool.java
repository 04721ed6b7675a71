package dev.troupe.batcher.sim;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.TokenIds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** The pool's memory of prefixes. */
public final class FakePool {
    private static final int DROPS_ONE_IN = 8;
    private static final int FORGETS_ALL_ONE_IN = 50;

    /** Without it, nothing is lost. */
    private final Optional<Random> losses;

    private final Map<Name, byte[]> chunks = new HashMap<>();

    private record Name(String kvFormat, String tenant, TokenIds prefix) {}

    /** It forgets nothing. */
    public FakePool() {
        losses = Optional.empty();
    }

    /** It loses things as it likes. */
    public FakePool(Random losses) {
        this.losses = Optional.of(losses);
    }

    public void offer(String kvFormat, String tenant, TokenIds prefix, byte[] chunk) {
        if (strikes(FORGETS_ALL_ONE_IN)) {
            chunks.clear();
        }
        if (!strikes(DROPS_ONE_IN)) {
            chunks.put(new Name(kvFormat, tenant, prefix), chunk);
        }
    }

    private boolean strikes(int oneIn) {
        return losses.isPresent() && losses.get().nextInt(oneIn) == 0;
    }

    /** As if a replica had offered all chunks of a text. */
    public void warm(String kvFormat, String tenant, TokenIds text) {
        for (int end = KvCopy.CHUNK_TOKENS; end <= text.size(); end += KvCopy.CHUNK_TOKENS) {
            TokenIds prefix = text.slice(0, end);
            offer(kvFormat, tenant, prefix, lastChunk(prefix));
        }
    }

    /** What the {@link FakeModel} makes of a prefix's last chunk. */
    static byte[] lastChunk(TokenIds prefix) {
        ByteBuffer states = ByteBuffer.allocate(KvCopy.CHUNK_TOKENS * Long.BYTES);
        long state = 0;
        for (int i = 0; i < prefix.size(); i++) {
            state = FakeModel.feed(state, prefix.get(i));
            if (i >= prefix.size() - KvCopy.CHUNK_TOKENS) {
                states.putLong(state);
            }
        }
        return states.array();
    }

    /** @return what it has, up to the first gap */
    public List<byte[]> fetch(String kvFormat, PrefixFetch fetch) {
        List<byte[]> found = new ArrayList<>();
        for (int end = fetch.fromToken() + KvCopy.CHUNK_TOKENS;
                end <= fetch.prefix().size();
                end += KvCopy.CHUNK_TOKENS) {
            byte[] chunk =
                    chunks.get(new Name(kvFormat, fetch.tenant(), fetch.prefix().slice(0, end)));
            if (chunk == null) {
                break;
            }
            found.add(chunk);
        }
        return found;
    }
}
