package dev.troupe.store;

import java.util.List;
import java.util.Optional;

/**
 * Content under names that are never used for another. What it is and whose is written elsewhere, and whoever asks here has looked there.
 *
 * <p>Every call blocks and is durable when it returns; each throws {@link StoreException} when it fails.
 */
public interface BlobStore {
    /** Repeated: once. */
    void put(String name, byte[] content, long atSeconds);

    Optional<byte[]> get(String name);

    /** Nothing, where there is none. */
    void delete(String name);

    /** @return names of what was put before a time, in seconds since 1970, in their order */
    List<String> putBefore(long atSeconds, String afterName, int most);
}
