package dev.troupe.cache.conversation;

import static java.util.Objects.requireNonNull;

/** The answer to who wants the next turn of a conversation. */
public sealed interface Beginning {
    /** It is yours until you append or abandon it, as long as you keep it. */
    record Granted(Conversation conversation) implements Beginning {
        public Granted {
            requireNonNull(conversation);
        }
    }

    /** Another request has it. */
    record Busy() implements Beginning {}

    /** No such conversation of this tenant. */
    record Unknown() implements Beginning {}
}
