package dev.troupe.cache.conversation;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param id unique
 * @param requestId of the append that brought it
 * @param role system, developer, user or assistant
 * @param name of the speaker
 * @param spoken of an answer, where its tokens are known and are exactly the text
 */
public record Item(
        String id, String requestId, String role, String text, Optional<String> name, Optional<Spoken> spoken) {
    public Item {
        requireNonNull(id);
        requireNonNull(requestId);
        requireNonNull(role);
        requireNonNull(text);
        requireNonNull(name);
        requireNonNull(spoken);
    }

    /** The size only: it is somebody's words. */
    @Override
    public String toString() {
        return "Item[" + id + ", " + role + ", " + text.length() + " chars]";
    }
}
