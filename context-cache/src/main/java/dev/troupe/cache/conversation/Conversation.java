package dev.troupe.cache.conversation;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A conversation of a tenant.
 *
 * @param createdAt seconds since 1970
 * @param version one more with every append
 */
public record Conversation(
        String id, String tenant, long createdAt, Map<String, String> metadata, long version, List<Item> items) {
    /** What one may hold: it travels whole between members, with every turn. */
    public static final int MAX_ITEMS = 2000;

    public static final int MAX_BYTES = 1 << 20;

    public Conversation {
        requireNonNull(id);
        requireNonNull(tenant);
        metadata = Map.copyOf(metadata);
        items = List.copyOf(items);
    }

    /** @return whether this request has appended already */
    public boolean holds(String requestId) {
        return items.stream().anyMatch(item -> item.requestId().equals(requestId));
    }

    /** @return the next version */
    public Conversation append(List<Item> more) {
        return new Conversation(
                id,
                tenant,
                createdAt,
                metadata,
                version + 1,
                Stream.concat(items.stream(), more.stream()).toList());
    }

    /** @return bytes of all texts */
    public long bytes() {
        return bytes(items);
    }

    public static long bytes(List<Item> items) {
        return items.stream()
                .mapToLong(item -> item.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    /** The sizes only: it is somebody's words. */
    @Override
    public String toString() {
        return "Conversation[" + id + ", version=" + version + ", " + items.size() + " items]";
    }
}
