package dev.troupe.bench.micro;

import dev.troupe.cluster.Philox;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.worker.sampling.Ranking;
import dev.troupe.worker.sampling.Sampler;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One row's token: the head of the ranking as the device gives it, and the whole row where the head does not decide. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Sampling {
    private static final int VOCABULARY = 49_152;
    private static final int HEAD = 128;

    private final SamplingParams nucleus = new SamplingParams(
            0.8f, 0.9f, OptionalInt.of(40), 0, 0, 0, 1, Map.of(), 1, OptionalInt.empty(), 10, TokenIds.EMPTY);
    private final float[] row = new float[VOCABULARY];
    private int[] headIds;
    private float[] headLogits;
    private float logSum;
    private int index;

    @Setup
    public void fill() {
        Random random = new Random(1);
        double sum = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            row[i] = (float) (random.nextGaussian() * 3);
            sum += Math.exp(row[i] / nucleus.temperature());
        }
        logSum = (float) Math.log(sum);
        Ranking whole = Ranking.ofRow(row);
        headIds = new int[HEAD];
        headLogits = new float[HEAD];
        Arrays.setAll(headIds, whole::id);
        for (int i = 0; i < HEAD; i++) {
            headLogits[i] = whole.logit(i);
        }
    }

    /** @return a token drawn from the head */
    @Benchmark
    public int pickFromHead() {
        Ranking head = Ranking.of(headIds, headLogits, false);
        return Sampler.pick(head, logSum, () -> Ranking.ofRow(row), nucleus, Philox.uniform(1, 0, index++));
    }

    /** @return all tokens in order */
    @Benchmark
    public Ranking rankTheWholeRow() {
        return Ranking.ofRow(row);
    }
}
