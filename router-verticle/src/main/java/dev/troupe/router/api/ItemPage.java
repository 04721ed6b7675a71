package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Which items of a conversation are wanted.
 *
 * @param oldestFirst instead of the newest
 * @param after id of the item before the first one wanted
 */
public record ItemPage(int limit, boolean oldestFirst, Optional<String> after) {
    public ItemPage {
        requireNonNull(after);
    }
}
