package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Consecutive tokens of one choice.
 *
 * @param firstIndex position of the first token among the generated ones, from 0; the receiver sees gaps and doubles by it
 * @param tokens may be empty when only the end is told, or, with neither, that it begins to be computed
 * @param logprobs one per token when asked for, else empty
 * @param cachedTokens how many prompt tokens came from the prefix cache
 * @param finish present with the last token
 */
public record TokenRun(
        Attempt attempt,
        int choice,
        int firstIndex,
        TokenIds tokens,
        List<TokenLogprobs> logprobs,
        int cachedTokens,
        Optional<FinishReason> finish) {

    public TokenRun {
        Objects.requireNonNull(attempt);
        Objects.requireNonNull(tokens);
        Objects.requireNonNull(finish);
        atLeast("choice", choice, 0);
        atLeast("firstIndex", firstIndex, 0);
        atLeast("cachedTokens", cachedTokens, 0);
        logprobs = List.copyOf(logprobs);
        if (!logprobs.isEmpty() && logprobs.size() != tokens.size()) {
            throw new IllegalArgumentException(
                    "logprobs must be one per token: " + logprobs.size() + " for " + tokens.size());
        }
    }

    /** @return index of the token after the last one here */
    public int endIndex() {
        return firstIndex + tokens.size();
    }
}
