package dev.troupe.bench.load;

import java.util.Optional;

/**
 * What one request met.
 *
 * @param seconds from the writing of the request to the end of its answer
 * @param firstToken seconds from the writing of the request to the first chunk with text; to the end, where no chunk had any
 * @param lastToken seconds from the writing of the request to the last chunk with text; as above
 * @param gaps seconds between two chunks with text
 * @param promptTokens as the server counts them; 0 where it does not
 * @param cachedTokens of them, those that the server says it had computed before
 * @param outputTokens as the server counts them; the chunks with text where it does not
 * @param error why it failed, in the server's words where there are any; the other figures then mean nothing
 */
public record Exchange(
        double seconds,
        double firstToken,
        double lastToken,
        Samples gaps,
        int promptTokens,
        int cachedTokens,
        int outputTokens,
        Optional<String> error) {

    static Exchange failed(double seconds, String error) {
        return new Exchange(seconds, seconds, seconds, Samples.none(), 0, 0, 0, Optional.of(error));
    }

    public boolean isDone() {
        return error.isEmpty();
    }

    /** @return mean seconds between two tokens after the first; not a number for an answer of one token */
    public double secondsPerToken() {
        return outputTokens < 2 ? Double.NaN : (lastToken - firstToken) / (outputTokens - 1);
    }
}
