package dev.troupe.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Pictures that outlast every process, and how much room they take. Another tenant's does not exist.
 *
 * <p>Every call blocks; see the package. What a call that returned has written is durable. Each throws {@link StoreException} when the
 * database fails, and then it may be tried again.
 */
public interface PictureStore {
    /** What became of a picture that was to be kept. */
    enum Outcome {
        KEPT,
        /** It was kept before, and may have been deleted since; nothing was written. */
        REPEATED,
        /** The tenant has no room for it; nothing was written. */
        NO_ROOM_FOR_TENANT,
        /** The key has no room for it; nothing was written. */
        NO_ROOM_FOR_KEY
    }

    /**
     * How much may be kept.
     *
     * @param ofTenant bytes; empty: as much as there is
     * @param ofKey bytes, of what was asked for with the key
     */
    record Room(OptionalLong ofTenant, OptionalLong ofKey) {
        public static final Room UNLIMITED = new Room(OptionalLong.empty(), OptionalLong.empty());
    }

    /**
     * Keeps a picture, takes its room and writes its row into the ledger: all or nothing, once by its id however often it is said.
     *
     * @param row of the ledger, under the picture's id
     * @throws IllegalArgumentException when the parts do not belong together
     */
    Outcome keep(StoredPicture picture, byte[] content, Room room, UsageRow row);

    Optional<StoredPicture> find(String tenant, String id);

    /** @return the tenant of a picture, for who holds a signed address and no key */
    Optional<String> owner(String id);

    Optional<byte[]> content(String tenant, String id);

    /** @return the newest of a conversation, the oldest of them first */
    List<StoredPicture> conversation(String tenant, String conversation, int most);

    /**
     * @param after an id that this tenant has, or had; what is older follows, the newest first
     * @return the newest first
     */
    List<StoredPicture> page(String tenant, Optional<String> after, int most);

    /** Gives the room back. @return whether there was one */
    boolean delete(String tenant, String id);

    /**
     * @param createdAt milliseconds since 1970; what is of that moment stays
     * @return how many went
     */
    int deleteBefore(long createdAt);

    /** @return bytes that are kept for a tenant */
    long used(String tenant);

    /** @return bytes that are kept of what was asked for with a key */
    long usedOfKey(String tenant, String keyId);
}
