package dev.troupe.router.stream;

import dev.troupe.cluster.message.TokenLogprobs;

/**
 * A generated token with its log-probability and the alternatives.
 *
 * @param textOffset code points of the choice's text before it
 */
public record ScoredToken(int token, int textOffset, TokenLogprobs logprobs) {}
