package dev.troupe.cache.shared;

import dev.troupe.cluster.message.TokenIds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A chunk of keys and values as the pool keeps it: version, fingerprint, format, tenant, the token ids of the whole prefix, then the bytes.
 * A name is a hash, and a hash is no proof; an entry is believed only when all that goes before its bytes is the same as asked for.
 */
public final class ChunkEntry {
    private static final byte VERSION = 1;

    private ChunkEntry() {}

    /** @param prefix from its first token to the chunk's last */
    public static byte[] encode(PrefixSpace space, TokenIds prefix, byte[] chunk) {
        byte[] head = head(space, prefix);
        byte[] entry = Arrays.copyOf(head, head.length + chunk.length);
        System.arraycopy(chunk, 0, entry, head.length, chunk.length);
        return entry;
    }

    /** @return the bytes of the chunk; empty when the entry is of anything but this prefix in this space */
    public static Optional<byte[]> chunk(byte[] entry, PrefixSpace space, TokenIds prefix) {
        byte[] head = head(space, prefix);
        boolean same = entry.length >= head.length && Arrays.equals(entry, 0, head.length, head, 0, head.length);
        return same ? Optional.of(Arrays.copyOfRange(entry, head.length, entry.length)) : Optional.empty();
    }

    /** Every part says its own length first, so that equal bytes are equal parts. */
    private static byte[] head(PrefixSpace space, TokenIds prefix) {
        byte[] fingerprint = space.fingerprint().getBytes(StandardCharsets.UTF_8);
        byte[] format = space.kvFormat().getBytes(StandardCharsets.UTF_8);
        byte[] tenant = space.tenant().getBytes(StandardCharsets.UTF_8);
        int size = 1
                + 4 * Integer.BYTES
                + fingerprint.length
                + format.length
                + tenant.length
                + prefix.size() * Integer.BYTES;
        ByteBuffer head = ByteBuffer.allocate(size).put(VERSION);
        for (byte[] part : new byte[][] {fingerprint, format, tenant}) {
            head.putInt(part.length).put(part);
        }
        head.putInt(prefix.size());
        for (int i = 0; i < prefix.size(); i++) {
            head.putInt(prefix.get(i));
        }
        return head.array();
    }
}
