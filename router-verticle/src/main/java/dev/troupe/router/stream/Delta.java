package dev.troupe.router.stream;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.message.FinishReason;
import java.util.List;
import java.util.Optional;

/**
 * What a choice has to tell since the last time.
 *
 * @param scores of the tokens that this text begins with; empty when not asked for
 * @param finish present once, with the last text
 * @param tokens how many tokens of the choice have led to this and all text before
 */
public record Delta(String text, List<ScoredToken> scores, Optional<FinishReason> finish, int tokens) {
    public Delta {
        requireNonNull(text);
        scores = List.copyOf(scores);
        requireNonNull(finish);
    }

    public boolean isEmpty() {
        return text.isEmpty() && finish.isEmpty();
    }

    /** The size only: it is somebody's words. */
    @Override
    public String toString() {
        return "Delta[" + text.length() + " chars, " + finish + "]";
    }
}
