package dev.troupe.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LogitRequestTest {
    private static final TokenIds PROMPT = TokenIds.of(1, 2, 2);
    private static final TokenIds SAID = TokenIds.of(3, 4, 3);

    private static SamplingParams params(
            float temperature, float presence, float frequency, float repetition, Map<Integer, Float> bias, int top) {
        return new SamplingParams(
                temperature,
                1,
                OptionalInt.empty(),
                0,
                presence,
                frequency,
                repetition,
                bias,
                0,
                top < 0 ? OptionalInt.empty() : OptionalInt.of(top),
                10,
                TokenIds.EMPTY);
    }

    @Test
    void plainGreedyWantsTheLikeliestOnly() {
        var request = LogitRequest.of(params(0, 0, 0, 1, Map.of(), -1), PROMPT, SAID, 100);
        assertThat(request).isSameAs(LogitRequest.LIKELIEST);
    }

    @Test
    void greedyWithLogprobsOrPenaltiesWantsTheDistribution() {
        assertThat(LogitRequest.of(params(0, 0, 0, 1, Map.of(), 0), PROMPT, SAID, 100)
                        .logprobs())
                .isTrue();
        var penalised = LogitRequest.of(params(0, 1, 0, 1, Map.of(), -1), PROMPT, SAID, 100);
        assertThat(penalised.onlyLikeliest()).isFalse();
        assertThat(penalised.temperature()).isEqualTo(1);
    }

    @Test
    void presenceAndFrequencyCountWhatWasGeneratedAndAddToTheBias() {
        var request = LogitRequest.of(params(1, 0.5f, 0.25f, 1, Map.of(3, 2f, 9, -1f), -1), PROMPT, SAID, 100);
        assertThat(request.added()).containsOnly(Map.entry(3, 1f), Map.entry(4, -0.75f), Map.entry(9, -1f));
        assertThat(request.repeated()).isEmpty();
    }

    @Test
    void repetitionCoversPromptAndGenerated() {
        var request = LogitRequest.of(params(1, 0, 0, 1.5f, Map.of(), -1), PROMPT, SAID, 100);
        assertThat(request.repeated()).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(request.repetition()).isEqualTo(1.5f);
    }

    @Test
    void biasOfTokenThatTheModelHasNotIsLeftOut() {
        var request = LogitRequest.of(params(1, 0, 0, 1, Map.of(100, 5f, -1, 5f, 99, 5f), -1), PROMPT, SAID, 100);
        assertThat(request.added()).containsOnlyKeys(99);
    }
}
