package dev.troupe.cluster.message;

import java.util.List;

/**
 * Log-probabilities of one generated token, of the model's own distribution, before temperature, penalties and bias.
 *
 * @param logprob natural logarithm of the chosen token's probability
 * @param top alternatives, likeliest first
 */
public record TokenLogprobs(float logprob, List<Alternative> top) {
    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /** A token that could have been chosen. */
    public record Alternative(int token, float logprob) {}
}
