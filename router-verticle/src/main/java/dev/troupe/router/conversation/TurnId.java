package dev.troupe.router.conversation;

import static java.util.Objects.requireNonNull;

/** One request's turn of one conversation: all that is needed to go on with it on another router. */
public record TurnId(String tenant, String conversationId, String requestId) {
    public TurnId {
        requireNonNull(tenant);
        requireNonNull(conversationId);
        requireNonNull(requestId);
    }
}
