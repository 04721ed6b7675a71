package dev.troupe.router.api;

import dev.troupe.cluster.message.TokenIds;

/** What a plain completion continues. */
public sealed interface Prompt {
    /** Still to be tokenized. */
    record Text(String text) implements Prompt {
        /** The size only: it is somebody's words. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " chars]";
        }
    }

    /** Tokenized by the client. */
    record Tokens(TokenIds ids) implements Prompt {}
}
