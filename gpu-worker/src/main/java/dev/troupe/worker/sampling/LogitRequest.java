package dev.troupe.worker.sampling;

import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a row of logits is asked for: which logits are changed, and how much of the row has to come back.
 *
 * @param onlyLikeliest whether the likeliest token is all that is wanted
 * @param temperature that divides the logits, 1 for a greedy row
 * @param repeated tokens whose logits are divided by {@code repetition} if positive and multiplied if not, first
 * @param added what is added to logits, second
 * @param logprobs whether the unchanged distribution is wanted too
 */
public record LogitRequest(
        boolean onlyLikeliest,
        float temperature,
        Set<Integer> repeated,
        float repetition,
        Map<Integer, Float> added,
        boolean logprobs) {

    /** The likeliest token and nothing else. */
    public static final LogitRequest LIKELIEST = new LogitRequest(true, 1, Set.of(), 1, Map.of(), false);

    public LogitRequest {
        repeated = Set.copyOf(repeated);
        added = Map.copyOf(added);
    }

    /**
     * For a sequence: repetition penalty over prompt and generated tokens (CTRL, arXiv 1909.05858), then presence and frequency
     * penalties over the generated ones and the bias, as OpenAI defines them.
     *
     * @param vocab tokens from here on are not the model's and are left out
     */
    public static LogitRequest of(SamplingParams params, TokenIds prompt, TokenIds generated, int vocab) {
        boolean logprobs = params.topLogprobs().isPresent();
        if (params.isGreedy() && !params.adjustsLogits() && !logprobs) {
            return LIKELIEST;
        }
        var added = new LinkedHashMap<Integer, Float>();
        params.logitBias().forEach((token, bias) -> {
            if (token >= 0 && token < vocab) {
                added.put(token, bias);
            }
        });
        if (params.presencePenalty() != 0 || params.frequencyPenalty() != 0) {
            countOf(generated)
                    .forEach((token, count) -> added.merge(
                            token, -params.presencePenalty() - params.frequencyPenalty() * count, Float::sum));
        }
        var repeated = new LinkedHashSet<Integer>();
        if (params.repetitionPenalty() != 1) {
            addAll(prompt, repeated);
            addAll(generated, repeated);
        }
        float temperature = params.isGreedy() ? 1 : params.temperature();
        return new LogitRequest(false, temperature, repeated, params.repetitionPenalty(), added, logprobs);
    }

    private static Map<Integer, Integer> countOf(TokenIds tokens) {
        var counts = new LinkedHashMap<Integer, Integer>();
        for (int i = 0; i < tokens.size(); i++) {
            counts.merge(tokens.get(i), 1, Integer::sum);
        }
        return counts;
    }

    private static void addAll(TokenIds tokens, Set<Integer> to) {
        for (int i = 0; i < tokens.size(); i++) {
            to.add(tokens.get(i));
        }
    }
}
