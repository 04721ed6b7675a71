package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

/**
 * A message that somebody puts into a conversation.
 *
 * @param role {@code system}, {@code developer}, {@code user} or {@code assistant}
 */
public record NewItem(String role, String text) {
    public NewItem {
        requireNonNull(role);
        requireNonNull(text);
    }

    /** The size only: it is somebody's words. */
    @Override
    public String toString() {
        return "NewItem[" + role + ", " + text.length() + " chars]";
    }
}
