package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.batcher.sim.FakeWorker.Lack;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A device whose memory does not hold what the batcher plans. */
class SchedulerMemoryTest {
    private static final int CONTEXT = 1024;
    private static final int VOCABULARY = 1000;
    private static final BatcherConfig CONFIG =
            new BatcherConfig(8, 128, 64, 0, 10, 50, 60_000, 5_000, 100, 300_000, 1_000, 20_000, 30_000);
    private static final ReplicaSpec REPLICA =
            new ReplicaSpec("r", "n", "m", "f", CONTEXT, VOCABULARY, new KvPlan(4, 1024, 64));

    private final List<TokenRun> told = new ArrayList<>();
    private final Counting metrics = new Counting();
    private final Scheduler scheduler = new Scheduler(REPLICA, CONFIG, 1, metrics);
    private final FakeWorker worker =
            new FakeWorker(REPLICA, CONFIG.tokenBudget(), (router, batch) -> told.addAll(batch.runs()));
    private long now = 1_000;

    private static final class Counting implements SchedulerMetrics {
        private int preempted;
        private int outOfMemory;

        @Override
        public void started(long queuedMillis) {}

        @Override
        public void preempted() {
            preempted++;
        }

        @Override
        public void outOfMemory() {
            outOfMemory++;
        }

        @Override
        public void prefixQueried(int tokens, int cached) {}

        @Override
        public void prefixOffered(int tokens) {}

        @Override
        public void prefixFetched(int tokens, int found, long millis) {}

        @Override
        public void stepped(int rows, long microseconds) {}

        @Override
        public void state(int running, int waiting, double kvUsage) {}
    }

    private GenerateRequest admit(String id, int promptLength, int maxTokens) {
        int[] prompt = IntStream.range(0, promptLength)
                .map(i -> Math.floorMod(i * 31 + id.hashCode(), VOCABULARY))
                .toArray();
        GenerateRequest request = new GenerateRequest(
                id, 1, "t", "router", TokenIds.of(prompt), 1, SamplingParams.greedy(maxTokens, TokenIds.EMPTY));
        scheduler.generate(request, now);
        return request;
    }

    private StepPlan step() {
        now += 10;
        StepPlan plan = scheduler.planDue(now).orElseThrow();
        scheduler.apply(worker.run(plan), now);
        scheduler.takeOutbox().forEach(outgoing -> told.addAll(outgoing.batch().runs()));
        return plan;
    }

    private void runToIdle() {
        for (int i = 0; i < 10_000 && !scheduler.isIdle(); i++) {
            now += 2_000;
            List<StreamAck> acks = told.stream()
                    .map(run -> new StreamAck(run.attempt(), run.choice(), run.endIndex()))
                    .toList();
            scheduler.acks(new StreamAcks(acks), now);
            step();
        }
        assertThat(scheduler.isIdle()).isTrue();
        assertThat(scheduler.kvUse().slots()).isZero();
    }

    private List<FinishReason> finishes(GenerateRequest request) {
        return told.stream()
                .filter(run -> run.attempt().equals(request.attempt()))
                .flatMap(run -> run.finish().stream())
                .toList();
    }

    private void assertExact(GenerateRequest request) {
        List<Integer> tokens = new ArrayList<>();
        Stream<TokenRun> runs = told.stream().filter(run -> run.attempt().equals(request.attempt()));
        runs.filter(run -> !run.tokens().isEmpty()).forEach(run -> {
            assertThat(run.firstIndex()).isEqualTo(tokens.size());
            IntStream.of(run.tokens().toArray()).forEach(tokens::add);
        });
        var expected = FakeModel.continuation(request.prompt(), 0, request.sampling(), CONTEXT, VOCABULARY);
        assertThat(tokens)
                .containsExactlyElementsOf(
                        IntStream.of(expected.tokens().toArray()).boxed().toList());
        assertThat(finishes(request)).containsExactly(expected.finish());
    }

    @Test
    void aFullDevicePreemptsTheYoungestAndEveryAnswerIsWhole() {
        List<GenerateRequest> requests =
                IntStream.range(0, 8).mapToObj(i -> admit("p" + i, 10, 40)).toList();
        step();
        worker.memory(plan -> plan.rows() > 4 ? Lack.ROWS : Lack.NONE);

        assertThat(step().decodes()).hasSize(8);
        StepPlan smaller = step();

        assertThat(smaller.decodes()).extracting(StepPlan.Decode::sequenceId).containsExactly(1L, 2L, 3L, 4L);
        assertThat(metrics.preempted).isEqualTo(4);
        runToIdle();
        requests.forEach(this::assertExact);
    }

    @Test
    void rowsGrowBackWhenTheMemoryIsThereAgain() {
        admit("long", 1000, 2);
        worker.memory(plan -> Lack.ROWS);
        step();
        worker.memory(plan -> Lack.NONE);

        assertThat(step().rows()).isEqualTo(64);
        runToIdle();
        for (int i = 0; i < 16; i++) {
            admit("n" + i, 30, 30);
            runToIdle();
        }
        admit("again", 1000, 2);
        assertThat(step().rows()).isEqualTo(128);
    }

    @Test
    void aRequestOfWhichNotOneRowFitsEndsWithALackOfMemoryAndTheOthersAreServed() {
        GenerateRequest before = admit("before", 30, 20);
        GenerateRequest huge = admit("huge", 30, 20);
        GenerateRequest after = admit("after", 30, 20);
        worker.memory(
                plan -> worker.computes(plan, start -> start.attempt().equals(huge.attempt())) ? Lack.ROWS : Lack.NONE);

        runToIdle();

        assertThat(finishes(huge)).containsExactly(FinishReason.OUT_OF_MEMORY);
        assertExact(before);
        assertExact(after);
    }

    @Test
    void aLackThatPassesCostsTriesWithGrowingPausesAndNoRequest() {
        GenerateRequest request = admit("r", 1, 5);
        worker.memory(plan -> metrics.outOfMemory < 4 ? Lack.ROWS : Lack.NONE);
        StepPlan plan = step();

        assertThat(scheduler.planDue(now + 99)).isEmpty();
        now += 90;
        step();
        assertThat(scheduler.planDue(now + 199)).isEmpty();
        assertThat(plan.rows()).isEqualTo(1);
        runToIdle();
        assertThat(metrics.outOfMemory).isEqualTo(4);
        assertExact(request);
    }

    @Test
    void copiesWithoutMemoryStartEverybodyOverAndTheCacheIsLeftAloneForAWhile() {
        GenerateRequest first = admit("first", 100, 3);
        runToIdle();
        GenerateRequest second = new GenerateRequest("second", 1, "t", "router", first.prompt(), 1, first.sampling());
        scheduler.generate(second, now);
        worker.memory(plan -> plan.copies().isEmpty() ? Lack.NONE : Lack.COPIES);

        assertThat(step().copies()).isNotEmpty();
        now += 100;
        StepPlan again = step();

        assertThat(again.reset()).isTrue();
        assertThat(again.copies()).isEmpty();
        runToIdle();
        assertExact(second);
        worker.memory(plan -> Lack.NONE);
        for (int i = 0; i < 20; i++) {
            admit("n" + i, 40, 30);
            runToIdle();
        }
        GenerateRequest third = new GenerateRequest("third", 1, "t", "router", first.prompt(), 1, first.sampling());
        scheduler.generate(third, now);
        runToIdle();
        scheduler.generate(new GenerateRequest("fourth", 1, "t", "router", first.prompt(), 1, first.sampling()), now);
        assertThat(FakeWorker.restored(step())).isEqualTo(96);
    }

    @Test
    void aCancelledRequestThatDoesNotFitIsOnlyCancelled() {
        GenerateRequest request = admit("r", 1, 5);
        worker.memory(plan -> Lack.ROWS);
        StepPlan plan = scheduler.planDue(now).orElseThrow();
        for (int i = 0; i < 4; i++) {
            scheduler.apply(worker.run(plan), now);
            now += 2_000;
            plan = scheduler.planDue(now).orElseThrow();
        }
        scheduler.cancel(new Cancel(request.attempt()), now);
        StepAnswer fifth = worker.run(plan);
        scheduler.apply(fifth, now);
        now += 2_000;

        assertThat(scheduler.planDue(now).orElseThrow().ends())
                .extracting(end -> end.tell().orElseThrow())
                .containsExactly(FinishReason.CANCELLED);
    }
}
