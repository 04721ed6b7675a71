package dev.troupe.bench.micro;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.Scheduler;
import dev.troupe.batcher.SchedulerMetrics;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer.Sampled;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Schedule and apply, with everybody decoding and the rest of the world in the queue. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SchedulerStep {
    private static final int PROMPT = 100;
    private static final int CONTEXT = 1 << 22; // nobody reaches it within an iteration
    private static final int TOKENS = CONTEXT - PROMPT;

    @Param({"1", "8", "64"})
    public int batch;

    @Param({"0", "100", "10000"})
    public int waiting;

    private Scheduler scheduler;
    private long now;

    @Setup(Level.Iteration)
    public void begin() {
        BatcherConfig config = new BatcherConfig(
                batch,
                512,
                256,
                0,
                20_000,
                Integer.MAX_VALUE,
                Long.MAX_VALUE / 2,
                5_000,
                100,
                300_000,
                10_000,
                20_000,
                Long.MAX_VALUE);
        ReplicaSpec replica =
                new ReplicaSpec("r", "n", "m", "f", CONTEXT, 1_000, new ReplicaSpec.KvPlan(batch, CONTEXT, 64));
        scheduler = new Scheduler(replica, config, 1, SchedulerMetrics.NONE);
        SamplingParams sampling = SamplingParams.greedy(TOKENS, TokenIds.EMPTY);
        TokenIds prompt = TokenIds.of(new int[PROMPT]);
        for (int i = 0; i < batch + waiting; i++) {
            scheduler.generate(new GenerateRequest("id-" + i, 1, "tenant", "router", prompt, 1, sampling), now);
        }
        for (int i = 0; i < batch; i++) {
            step();
        }
    }

    /** @return a step's plan, from the queue to the applied result */
    @Benchmark
    public StepPlan step() {
        now++;
        StepPlan plan = scheduler.planDue(now).orElseThrow();
        List<Sampled> sampled = new ArrayList<>();
        plan.decodes().forEach(row -> sampled.add(new Sampled(row.sequenceId(), 7, Optional.empty())));
        plan.chunks().stream()
                .filter(StepPlan.Chunk::sample)
                .forEach(chunk -> sampled.add(new Sampled(chunk.sequenceId(), 7, Optional.empty())));
        scheduler.apply(new StepResult(plan.incarnation(), plan.number(), sampled, 0), now);
        return plan;
    }

    /** @return nothing of interest: what the batcher does twenty times a second */
    @Benchmark
    public int tick() {
        now++;
        scheduler.tick(now);
        return scheduler.takeOutbox().size();
    }

    /** @return what a heartbeat says */
    @Benchmark
    public Object load() {
        return scheduler.load();
    }
}
