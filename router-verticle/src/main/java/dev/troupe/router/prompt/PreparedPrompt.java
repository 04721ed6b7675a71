package dev.troupe.router.prompt;

import dev.troupe.cluster.message.TokenIds;

/**
 * A prompt that fits.
 *
 * @param echo text that the answer begins with; empty unless the request asked for it
 * @param maxTokens how many tokens may follow
 */
public record PreparedPrompt(TokenIds tokens, String echo, int maxTokens) {
    /** The sizes only: it is somebody's words. */
    @Override
    public String toString() {
        return "PreparedPrompt[" + tokens + ", maxTokens=" + maxTokens + "]";
    }
}
