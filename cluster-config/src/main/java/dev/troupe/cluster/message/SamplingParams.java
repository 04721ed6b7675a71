package dev.troupe.cluster.message;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How the worker picks tokens. Ranges are OpenAI's and are checked at the router with the field's name; here they are checked
 * again, since a record never exists in a state that the worker cannot run.
 *
 * @param temperature 0 (greedy) to 2
 * @param topP nucleus mass, above 0 up to 1
 * @param topK how many of the likeliest tokens are kept; absent: all
 * @param minP least probability relative to the likeliest, 0 to 1
 * @param presencePenalty −2 to 2, subtracted once from every token already generated
 * @param frequencyPenalty −2 to 2, subtracted per occurrence among the generated tokens
 * @param repetitionPenalty above 0; divides positive and multiplies negative logits of prompt and generated tokens (CTRL, arXiv
 *     1909.05858)
 * @param logitBias token id to a value added to its logit, −100 to 100
 * @param seed of the counter-based generator
 * @param topLogprobs absent: no log-probabilities; else how many alternatives (0–20) beside the chosen token
 * @param maxTokens how many tokens to generate at most, at least 1
 * @param stopTokens tokens that end the text (end of sequence); empty when the request asked to ignore them
 */
public record SamplingParams(
        float temperature,
        float topP,
        OptionalInt topK,
        float minP,
        float presencePenalty,
        float frequencyPenalty,
        float repetitionPenalty,
        Map<Integer, Float> logitBias,
        long seed,
        OptionalInt topLogprobs,
        int maxTokens,
        TokenIds stopTokens) {

    public SamplingParams {
        within("temperature", temperature, 0, 2);
        within("topP", topP, Float.MIN_VALUE, 1);
        within("minP", minP, 0, 1);
        within("presencePenalty", presencePenalty, -2, 2);
        within("frequencyPenalty", frequencyPenalty, -2, 2);
        within("repetitionPenalty", repetitionPenalty, Float.MIN_VALUE, Float.MAX_VALUE);
        logitBias = Map.copyOf(logitBias);
        logitBias.values().forEach(bias -> within("logitBias", bias, -100, 100));
        within("topK", topK.orElse(1), 1, Integer.MAX_VALUE);
        within("topLogprobs", topLogprobs.orElse(0), 0, 20);
        within("maxTokens", maxTokens, 1, Integer.MAX_VALUE);
        Objects.requireNonNull(stopTokens);
    }

    /** Plain greedy decoding, the base that tests and tools vary. */
    public static SamplingParams greedy(int maxTokens, TokenIds stopTokens) {
        return new SamplingParams(
                0, 1, OptionalInt.empty(), 0, 0, 0, 1, Map.of(), 0, OptionalInt.empty(), maxTokens, stopTokens);
    }

    /** The same, ending after another number of tokens. */
    public SamplingParams withMaxTokens(int tokens) {
        return new SamplingParams(
                temperature,
                topP,
                topK,
                minP,
                presencePenalty,
                frequencyPenalty,
                repetitionPenalty,
                logitBias,
                seed,
                topLogprobs,
                tokens,
                stopTokens);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }

    /** Whether logits are changed before sampling, by a penalty or a bias. */
    public boolean adjustsLogits() {
        return presencePenalty != 0 || frequencyPenalty != 0 || repetitionPenalty != 1 || !logitBias.isEmpty();
    }

    private static void within(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " must be between " + least + " and " + most + ", not " + value);
        }
    }

    /** Kept out of logs: a bias may name somebody's words. */
    @Override
    public String toString() {
        return "SamplingParams[temperature=" + temperature + ", maxTokens=" + maxTokens + "]";
    }
}
