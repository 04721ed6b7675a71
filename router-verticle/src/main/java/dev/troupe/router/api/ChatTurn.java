package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 */
public record ChatTurn(String role, String content, Optional<String> name) {
    public ChatTurn {
        requireNonNull(role);
        requireNonNull(content);
        requireNonNull(name);
    }

    /** The size only: it is somebody's words. */
    @Override
    public String toString() {
        return "ChatTurn[" + role + ", " + content.length() + " chars]";
    }
}
