package dev.troupe.bench.micro;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.wire.Codecs;
import dev.troupe.cluster.wire.RecordCodec;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One step's messages as bytes and back: a plan in which everybody decodes, and the tokens that it gives. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MessageCodecs {
    @Param({"1", "32", "64"})
    public int sequences;

    private final RecordCodec<StepPlan> plans = codec(StepPlan.class);
    private final RecordCodec<TokenBatch> batches = codec(TokenBatch.class);
    private StepPlan plan;
    private TokenBatch batch;
    private Buffer planBytes;
    private Buffer batchBytes;

    @SuppressWarnings("unchecked") // found by its type
    private static <T> RecordCodec<T> codec(Class<T> type) {
        return (RecordCodec<T>) Codecs.ALL.stream()
                .filter(codec -> codec.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Setup
    public void make() {
        List<StepPlan.Decode> decodes = new ArrayList<>();
        List<TokenRun> runs = new ArrayList<>();
        for (int i = 0; i < sequences; i++) {
            decodes.add(new StepPlan.Decode(1_000 + i, new SlotRef(i, 512, 0), 300 + i, 0));
            Attempt attempt = new Attempt("chatcmpl-0123456789abcdef0123456789abcde" + i % 10, 1);
            runs.add(new TokenRun(attempt, 0, 200 + i, TokenIds.of(4_321), List.of(), 64, Optional.empty()));
        }
        plan = new StepPlan(
                1, 1, false, List.of(), List.of(), List.of(), decodes, List.of(), List.of(), List.of(), List.of());
        batch = new TokenBatch("smollm2-135m-instruct-0123456789", runs);
        planBytes = encodePlan();
        batchBytes = encodeTokens();
    }

    @Benchmark
    public Buffer encodePlan() {
        Buffer bytes = Buffer.buffer();
        plans.encodeToWire(bytes, plan);
        return bytes;
    }

    @Benchmark
    public StepPlan decodePlan() {
        return plans.decodeFromWire(0, planBytes);
    }

    @Benchmark
    public Buffer encodeTokens() {
        Buffer bytes = Buffer.buffer();
        batches.encodeToWire(bytes, batch);
        return bytes;
    }

    @Benchmark
    public TokenBatch decodeTokens() {
        return batches.decodeFromWire(0, batchBytes);
    }
}
