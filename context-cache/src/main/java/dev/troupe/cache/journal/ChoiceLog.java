package dev.troupe.cache.journal;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of one choice's tokens.
 *
 * @param from index of the first of them
 * @param logprobs one a token when asked for, else empty
 * @param finish present when the choice ends after them
 */
public record ChoiceLog(int from, TokenIds tokens, List<TokenLogprobs> logprobs, Optional<FinishReason> finish) {
    public ChoiceLog {
        requireNonNull(tokens);
        requireNonNull(finish);
        logprobs = List.copyOf(logprobs);
        if (from < 0) {
            throw new IllegalArgumentException("from must be at least 0, not " + from);
        }
        if (!logprobs.isEmpty() && logprobs.size() != tokens.size()) {
            throw new IllegalArgumentException(logprobs.size() + " logprobs for " + tokens.size() + " tokens");
        }
    }

    public int end() {
        return from + tokens.size();
    }
}
