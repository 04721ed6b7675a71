package dev.troupe.router.api;

import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the request wants tokens picked; {@link SamplingParams} before the model is known.
 *
 * @param logitBias token id to what is added to its logit
 * @param seed absent: the router draws one
 * @param topLogprobs absent: no log-probabilities
 */
public record SamplingOptions(
        float temperature,
        float topP,
        OptionalInt topK,
        float minP,
        float presencePenalty,
        float frequencyPenalty,
        float repetitionPenalty,
        Map<Integer, Float> logitBias,
        OptionalLong seed,
        OptionalInt topLogprobs) {

    public SamplingOptions {
        logitBias = Map.copyOf(logitBias);
    }

    /** @param drawnSeed taken when the request names none */
    public SamplingParams resolve(int maxTokens, TokenIds stopTokens, long drawnSeed) {
        return new SamplingParams(
                temperature,
                topP,
                topK,
                minP,
                presencePenalty,
                frequencyPenalty,
                repetitionPenalty,
                logitBias,
                seed.orElse(drawnSeed),
                topLogprobs,
                maxTokens,
                stopTokens);
    }
}
