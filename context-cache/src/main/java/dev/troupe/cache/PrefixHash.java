package dev.troupe.cache;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.TokenIds;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Name of a prefix that ends at a block's end: the first 128 bits of SHA-256 over the name of the prefix one block shorter and the block's
 * token ids (32 bits each, little endian). The empty prefix is named by model fingerprint and tenant, so that equal prompts of two
 * tenants have unrelated names. The name finds a candidate; only equal token ids make a hit.
 */
public record PrefixHash(long high, long low) {

    /** The name of a tenant's empty prefix under a model. */
    public static PrefixHash root(String fingerprint, String tenant) {
        MessageDigest sha256 = sha256();
        byte[] model = fingerprint.getBytes(StandardCharsets.UTF_8);
        // The length first, so that no two pairs make the same bytes.
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(model.length).flip());
        sha256.update(model);
        return of(sha256.digest(tenant.getBytes(StandardCharsets.UTF_8)));
    }

    /** The name of this prefix and one block more, whose tokens begin at {@code from}. */
    public PrefixHash next(TokenIds tokens, int from) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Long.BYTES + KvCopy.BLOCK_TOKENS * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(high).putLong(low);
        for (int i = 0; i < KvCopy.BLOCK_TOKENS; i++) {
            bytes.putInt(tokens.get(from + i));
        }
        return of(sha256().digest(bytes.array()));
    }

    /**
     * What a heartbeat would list if every whole block of the prompt were cached; compare with {@link #cachedTokens}.
     *
     * @return one entry a block, shortest prefix first. The block that holds the last token is left out, since that one is always computed
     */
    public static List<Long> digests(String fingerprint, String tenant, TokenIds prompt) {
        List<Long> digests = new ArrayList<>();
        PrefixHash hash = root(fingerprint, tenant);
        for (int from = 0; from + KvCopy.BLOCK_TOKENS < prompt.size(); from += KvCopy.BLOCK_TOKENS) {
            hash = hash.next(prompt, from);
            digests.add(hash.digest());
        }
        return digests;
    }

    /**
     * How much of a prompt a replica probably holds.
     *
     * @param digests of the prompt
     * @param announced the replica's entries; a bounded choice, and since names are chained, an entry vouches for all before it
     * @return tokens
     */
    public static int cachedTokens(List<Long> digests, Set<Long> announced) {
        for (int blocks = digests.size(); blocks > 0; blocks--) {
            if (announced.contains(digests.get(blocks - 1))) {
                return blocks * KvCopy.BLOCK_TOKENS;
            }
        }
        return 0;
    }

    /** @return the 64 bits that travel in heartbeats */
    public long digest() {
        return high;
    }

    private static PrefixHash of(byte[] sha256) {
        ByteBuffer bytes = ByteBuffer.wrap(sha256).order(ByteOrder.LITTLE_ENDIAN);
        return new PrefixHash(bytes.getLong(), bytes.getLong());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
