package dev.troupe.worker.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.Philox;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static SamplingParams params(float temperature, float topP, int topK, float minP) {
        var k = topK == 0 ? OptionalInt.empty() : OptionalInt.of(topK);
        return new SamplingParams(
                temperature, topP, k, minP, 0, 0, 1, Map.of(), 1, OptionalInt.empty(), 10, TokenIds.EMPTY);
    }

    private static float[] logitsOf(double... probabilities) {
        var logits = new float[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) Math.log(probabilities[i]);
        }
        return logits;
    }

    private static float logSum(float[] row, float temperature) {
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit / temperature);
        }
        return (float) Math.log(sum);
    }

    private static int pick(float[] row, int head, SamplingParams params, double uniform) {
        Ranking whole = Ranking.ofRow(row);
        int[] ids = new int[head];
        float[] logits = new float[head];
        for (int i = 0; i < head; i++) {
            ids[i] = whole.id(i);
            logits[i] = whole.logit(i);
        }
        Supplier<Ranking> rest = () -> whole;
        float temperature = params.isGreedy() ? 1 : params.temperature();
        return Sampler.pick(
                Ranking.of(ids, logits, head == row.length), logSum(row, temperature), rest, params, uniform);
    }

    @Test
    void greedyTakesTheLikeliestAndAmongEqualsTheSmallestId() {
        float[] row = logitsOf(0.2, 0.4, 0.4);
        assertThat(pick(row, 3, params(0, 1, 0, 0), 0.99)).isEqualTo(1);
    }

    @Test
    void tokensFollowTheCumulativeDistributionLikeliestFirst() {
        float[] row = logitsOf(0.1, 0.6, 0.3);
        assertThat(pick(row, 3, params(1, 1, 0, 0), 0.0)).isEqualTo(1);
        assertThat(pick(row, 3, params(1, 1, 0, 0), 0.59)).isEqualTo(1);
        assertThat(pick(row, 3, params(1, 1, 0, 0), 0.61)).isEqualTo(2);
        assertThat(pick(row, 3, params(1, 1, 0, 0), 0.91)).isEqualTo(0);
        assertThat(pick(row, 3, params(1, 1, 0, 0), Math.nextDown(1.0))).isEqualTo(0);
    }

    @Test
    void temperatureFlattensAndSharpens() {
        float[] row = logitsOf(0.2, 0.8);
        // at 0.5 the odds 1:4 become 1:16, at 2 they become 1:2
        assertThat(pick(row, 2, params(0.5f, 1, 0, 0), 0.93)).isEqualTo(1);
        assertThat(pick(row, 2, params(0.5f, 1, 0, 0), 0.95)).isEqualTo(0);
        assertThat(pick(row, 2, params(2, 1, 0, 0), 0.66)).isEqualTo(1);
        assertThat(pick(row, 2, params(2, 1, 0, 0), 0.68)).isEqualTo(0);
    }

    @Test
    void topKKeepsTheLikeliestAndRenormalises() {
        float[] row = logitsOf(0.5, 0.3, 0.2);
        assertThat(pick(row, 3, params(1, 1, 1, 0), 0.999)).isEqualTo(0);
        assertThat(pick(row, 3, params(1, 1, 2, 0), 0.62)).isEqualTo(0);
        assertThat(pick(row, 3, params(1, 1, 2, 0), 0.63)).isEqualTo(1);
        assertThat(pick(row, 3, params(1, 1, 9, 0), 0.999)).isEqualTo(2);
    }

    @Test
    void topPKeepsTheSmallestSetThatReachesItsMass() {
        float[] row = logitsOf(0.5, 0.3, 0.2);
        assertThat(pick(row, 3, params(1, 0.4f, 0, 0), 0.999)).isEqualTo(0);
        assertThat(pick(row, 3, params(1, 0.7f, 0, 0), 0.999)).isEqualTo(1);
        assertThat(pick(row, 3, params(1, 0.9f, 0, 0), 0.999)).isEqualTo(2);
        // of the two that top-k leaves, the first has 0.625
        assertThat(pick(row, 3, params(1, 0.6f, 2, 0), 0.999)).isEqualTo(0);
        assertThat(pick(row, 3, params(1, Float.MIN_VALUE, 0, 0), 0.999)).isEqualTo(0);
    }

    @Test
    void minPDropsWhatIsFarBelowTheLikeliest() {
        float[] row = logitsOf(0.5, 0.3, 0.2);
        assertThat(pick(row, 3, params(1, 1, 0, 0.5f), 0.999)).isEqualTo(1);
        assertThat(pick(row, 3, params(1, 1, 0, 1), 0.999)).isEqualTo(0);
        assertThat(pick(row, 3, params(1, 1, 0, 0.3f), 0.999)).isEqualTo(2);
    }

    @Test
    void drawsOccurAsOftenAsTheirProbability() {
        float[] row = logitsOf(0.05, 0.5, 0.15, 0.3);
        var counts = new int[4];
        for (int i = 0; i < 50_000; i++) {
            counts[pick(row, 2, params(1, 1, 0, 0), Philox.uniform(3, 0, i))]++;
        }
        assertThat(Arrays.stream(counts).mapToDouble(c -> c / 50_000.0).toArray())
                .usingComparatorWithPrecision(0.01)
                .containsExactly(0.05, 0.5, 0.15, 0.3);
    }

    /** What the head decides is what the whole row would have decided; where it cannot, the row is fetched. */
    @Property
    boolean headAndWholeRowAgree(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int head,
            @ForAll @FloatRange(min = 0.1f, max = 2) float temperature,
            @ForAll @FloatRange(min = 0.05f, max = 1) float topP,
            @ForAll @IntRange(min = 0, max = 60) int topK,
            @ForAll @FloatRange(min = 0, max = 1) float minP,
            @ForAll @IntRange(min = 0, max = 9999) int tenThousandths) {
        double uniform = tenThousandths / 10_000.0;
        var random = new Random(seed);
        var row = new float[50];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian() * 3;
        }
        var params = params(temperature, topP, topK, random.nextBoolean() ? minP : 0);
        int whole = pick(row, row.length, params, uniform);
        int fromHead = pick(row, head, params, uniform);
        // a draw within rounding of a border may fall on either side
        return fromHead == whole
                || pick(row, row.length, params, Math.max(0, uniform - 1e-5)) != whole
                || pick(row, row.length, params, Math.min(0.99999, uniform + 1e-5)) != whole
                || Math.abs(topP - 1) < 1e-3;
    }
}
