package dev.troupe.batcher.sim;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.List;

/**
 * A model whose next token is a hash of all tokens before it, so that one wrong or missing token changes every later one. The hash up to a
 * position stands for its keys and values.
 */
public final class FakeModel {
    private FakeModel() {}

    /** What a choice of a request must come to. */
    public record Continuation(TokenIds tokens, FinishReason finish) {}

    /** The state after one more token; the state before the first is 0. */
    public static long feed(long state, int token) {
        long mixed = (state ^ (token + 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
        return mixed ^ (mixed >>> 31);
    }

    public static int next(long state, int choice, int vocabSize) {
        return (int) Long.remainderUnsigned(feed(state, choice) >>> 7, vocabSize);
    }

    public static Continuation continuation(
            TokenIds prompt, int choice, SamplingParams sampling, int contextLength, int vocabSize) {
        long state = 0;
        for (int i = 0; i < prompt.size(); i++) {
            state = feed(state, prompt.get(i));
        }
        int most = Math.min(sampling.maxTokens(), contextLength - prompt.size());
        List<Integer> tokens = new ArrayList<>();
        while (true) {
            int token = next(state, choice, vocabSize);
            tokens.add(token);
            if (sampling.stopTokens().contains(token) || tokens.size() == most) {
                FinishReason finish = sampling.stopTokens().contains(token) ? FinishReason.STOP : FinishReason.LENGTH;
                return new Continuation(
                        TokenIds.of(tokens.stream().mapToInt(Integer::intValue).toArray()), finish);
            }
            state = feed(state, token);
        }
    }
}
