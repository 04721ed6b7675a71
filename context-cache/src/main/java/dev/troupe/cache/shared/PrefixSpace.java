package dev.troupe.cache.shared;

import dev.troupe.cache.PrefixHash;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Where prefixes can be the same. Those of two spaces have unrelated names, and an entry of one is refused in the other.
 *
 * @param fingerprint of the model's weights
 * @param kvFormat what the bytes of a block mean
 * @param tenant whose text it is
 */
public record PrefixSpace(String fingerprint, String kvFormat, String tenant) {
    public PrefixSpace {
        Objects.requireNonNull(fingerprint);
        Objects.requireNonNull(kvFormat);
        Objects.requireNonNull(tenant);
        if (fingerprint.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a fingerprint is one line");
        }
    }

    /** @return the name of each whole chunk of a text, in order; each depends on all tokens before */
    public List<ChunkName> names(TokenIds text) {
        // A fingerprint has no line break, so no two pairs make the same root.
        PrefixHash hash = PrefixHash.root(fingerprint + "\n" + kvFormat, tenant);
        List<ChunkName> names = new ArrayList<>();
        for (int end = KvCopy.CHUNK_TOKENS; end <= text.size(); end += KvCopy.CHUNK_TOKENS) {
            for (int from = end - KvCopy.CHUNK_TOKENS; from < end; from += KvCopy.BLOCK_TOKENS) {
                hash = hash.next(text, from);
            }
            names.add(new ChunkName(hash, end));
        }
        return names;
    }
}
