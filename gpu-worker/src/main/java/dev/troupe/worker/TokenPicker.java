package dev.troupe.worker;

import dev.troupe.cluster.Philox;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenLogprobs.Alternative;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.Distribution;
import dev.troupe.worker.sampling.LogitRequest;
import dev.troupe.worker.sampling.Ranking;
import dev.troupe.worker.sampling.Sampler;
import java.util.Optional;
import java.util.stream.IntStream;

/** Draws a sequence's next token from the answer of a step, and accounts for it. */
final class TokenPicker {
    private TokenPicker() {}

    /** @param index of the token among those generated: a guess's row is ahead of what the sequence holds */
    static int pick(StepOutput output, int wanted, LogitRequest request, Sequence sequence, int index) {
        if (request.onlyLikeliest()) {
            return output.likeliest(wanted);
        }
        SamplingParams params = sequence.sampling();
        Distribution distribution = output.adjusted(wanted);
        double uniform = Philox.uniform(params.seed(), sequence.choice(), index);
        return Sampler.pick(
                distribution.head(),
                distribution.logSum(),
                () -> Ranking.ofRow(distribution.logits()),
                params,
                uniform);
    }

    /** Log-probabilities of the model's own distribution, where the sequence wants them. */
    static Optional<TokenLogprobs> logprobs(StepOutput output, int wanted, Sequence sequence, int token) {
        if (sequence.sampling().topLogprobs().isEmpty()) {
            return Optional.empty();
        }
        Distribution raw = output.raw(wanted);
        Ranking head = raw.head();
        float logSum = raw.logSum();
        int rank = head.find(token);
        float chosen = rank >= 0 ? head.logit(rank) : raw.logits()[token];
        int alternatives = Math.min(sequence.sampling().topLogprobs().getAsInt(), head.size());
        var top = IntStream.range(0, alternatives)
                .mapToObj(i -> new Alternative(head.id(i), head.logit(i) - logSum))
                .toList();
        return Optional.of(new TokenLogprobs(chosen - logSum, top));
    }
}
