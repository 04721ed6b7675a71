package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.batcher.sim.FakePool;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.tenant.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A scheduler, a worker that makes tokens up, what a router was told, and a clock that moves only with the steps. */
abstract class SchedulerHarness {
    static final int CONTEXT = 1024;
    static final int VOCABULARY = 1000;
    static final BatcherConfig CONFIG =
            new BatcherConfig(8, 128, 64, 0, 10, 50, 60_000, 5_000, 100, 300_000, 1_000, 20_000, 30_000);

    final FakePool pool = new FakePool();
    final List<TokenRun> told = new ArrayList<>();
    long now = 1_000;
    ReplicaSpec replica;
    Scheduler scheduler;
    FakeWorker worker;

    SchedulerHarness() {
        begin(new KvPlan(4, 1024, 64));
    }

    void begin(KvPlan kv) {
        begin(kv, CONFIG, SchedulerMetrics.NONE);
    }

    /** @param maxRunning sequences at a time, so that it shows who is next */
    void begin(int maxRunning) {
        BatcherConfig few =
                new BatcherConfig(maxRunning, 128, 64, 0, 10, 50, 600_000, 5_000, 100, 300_000, 1_000, 20_000, 30_000);
        begin(new KvPlan(4, 1024, 64), few, SchedulerMetrics.NONE);
    }

    void begin(KvPlan kv, BatcherConfig config, SchedulerMetrics metrics) {
        replica = new ReplicaSpec("r", "n", "m", "f", CONTEXT, VOCABULARY, kv);
        scheduler = new Scheduler(replica, config, 1, metrics);
        worker = new FakeWorker(replica, config.tokenBudget(), pool, (router, batch) -> take(batch));
    }

    void take(TokenBatch batch) {
        told.addAll(batch.runs());
    }

    static GenerateRequest request(String id, int epoch, TokenIds prompt, int choices, int maxTokens) {
        return new GenerateRequest(
                id, epoch, "t", "router", prompt, choices, SamplingParams.greedy(maxTokens, TokenIds.EMPTY));
    }

    static GenerateRequest request(String id, int promptLength, int maxTokens) {
        return request(id, 1, prompt(id, promptLength), 1, maxTokens);
    }

    static GenerateRequest request(String tenant, String id, int promptLength, int maxTokens, Share share) {
        return new GenerateRequest(
                id,
                1,
                tenant,
                "router",
                prompt(id, promptLength),
                1,
                SamplingParams.greedy(maxTokens, TokenIds.EMPTY),
                List.of(),
                false,
                false,
                share);
    }

    static TokenIds prompt(String id, int length) {
        return TokenIds.of(IntStream.range(0, length)
                .map(i -> Math.floorMod(i * 31 + id.hashCode(), VOCABULARY))
                .toArray());
    }

    Admission admit(GenerateRequest request) {
        return scheduler.generate(request, now);
    }

    StepPlan plan() {
        StepPlan plan = scheduler.planDue(now).orElseThrow();
        scheduler.takeOutbox().forEach(outgoing -> take(outgoing.batch()));
        return plan;
    }

    StepPlan step() {
        StepPlan plan = plan();
        answer(worker.run(plan));
        return plan;
    }

    void answer(StepAnswer answer) {
        now += 10;
        scheduler.apply(answer, now);
        scheduler.takeOutbox().forEach(outgoing -> take(outgoing.batch()));
    }

    /** @return who began in which order, until nothing is left to do */
    List<String> startOrder() {
        List<String> order = new ArrayList<>();
        for (Optional<StepPlan> next = scheduler.planDue(now); next.isPresent(); next = scheduler.planDue(now)) {
            next.get().starts().forEach(start -> order.add(start.attempt().requestId()));
            answer(worker.run(next.get()));
        }
        return order;
    }

    /** As a router that takes everything at once. */
    void runToIdle() {
        for (int i = 0; i < 10_000 && !scheduler.isIdle(); i++) {
            now += 200;
            scheduler.planDue(now).ifPresent(plan -> answer(worker.run(plan)));
            acknowledge();
        }
        scheduler.planDue(now).ifPresent(plan -> answer(worker.run(plan)));
        assertThat(scheduler.isIdle()).isTrue();
        assertThat(scheduler.kvUse().slots()).isZero();
        assertThat(scheduler.kvUse().blocks()).isEqualTo(scheduler.kvUse().cachedBlocks());
    }

    void acknowledge() {
        List<StreamAck> acks = told.stream()
                .map(run -> new StreamAck(run.attempt(), run.choice(), run.endIndex()))
                .toList();
        scheduler.acks(new StreamAcks(acks), now);
    }

    List<Integer> tokens(String id, int choice) {
        List<Integer> tokens = new ArrayList<>();
        for (TokenRun run : told) {
            if (run.attempt().requestId().equals(id) && run.choice() == choice) {
                for (int i = tokens.size(); i < run.endIndex(); i++) {
                    tokens.add(run.tokens().get(i - run.firstIndex()));
                }
            }
        }
        return tokens;
    }

    List<FinishReason> finishes(String id) {
        return told.stream()
                .filter(run -> run.attempt().requestId().equals(id))
                .flatMap(run -> run.finish().stream())
                .toList();
    }

    void assertExact(GenerateRequest request) {
        for (int choice = 0; choice < request.choices(); choice++) {
            var expected = FakeModel.continuation(request.prompt(), choice, request.sampling(), CONTEXT, VOCABULARY);
            assertThat(tokens(request.requestId(), choice))
                    .containsExactlyElementsOf(
                            IntStream.of(expected.tokens().toArray()).boxed().toList());
        }
        assertThat(finishes(request.requestId())).hasSize(request.choices());
    }
}
