package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final int CONTEXT = 1024;
    private static final int VOCABULARY = 1000;
    private static final BatcherConfig CONFIG =
            new BatcherConfig(8, 128, 64, 0, 10, 50, 60_000, 5_000, 100, 300_000, 1_000);

    private final List<TokenRun> told = new ArrayList<>();
    private long now = 1_000;
    private ReplicaSpec replica;
    private Scheduler scheduler;
    private FakeWorker worker;

    SchedulerTest() {
        begin(new KvPlan(4, 1024, 64));
    }

    private void begin(KvPlan kv) {
        replica = new ReplicaSpec("r", "n", "m", "f", CONTEXT, VOCABULARY, kv);
        scheduler = new Scheduler(replica, CONFIG, 1, SchedulerMetrics.NONE);
        worker = new FakeWorker(replica, CONFIG.tokenBudget(), (router, batch) -> take(batch));
    }

    private void take(TokenBatch batch) {
        told.addAll(batch.runs());
    }

    private static GenerateRequest request(String id, int epoch, TokenIds prompt, int choices, int maxTokens) {
        return new GenerateRequest(
                id, epoch, "t", "router", prompt, choices, SamplingParams.greedy(maxTokens, TokenIds.EMPTY));
    }

    private static GenerateRequest request(String id, int promptLength, int maxTokens) {
        return request(id, 1, prompt(id, promptLength), 1, maxTokens);
    }

    private static TokenIds prompt(String id, int length) {
        return TokenIds.of(IntStream.range(0, length)
                .map(i -> Math.floorMod(i * 31 + id.hashCode(), VOCABULARY))
                .toArray());
    }

    private void beginGuessing(int rows) {
        var guessing = new BatcherConfig(8, 128, 64, rows, 10, 50, 60_000, 5_000, 100, 300_000, 1_000);
        scheduler = new Scheduler(replica, guessing, 1, SchedulerMetrics.NONE);
    }

    private static List<Integer> guesses(StepPlan plan) {
        return plan.decodes().stream().map(StepPlan.Decode::guesses).toList();
    }

    private Admission admit(GenerateRequest request) {
        return scheduler.generate(request, now);
    }

    private StepPlan plan() {
        StepPlan plan = scheduler.planDue(now).orElseThrow();
        scheduler.takeOutbox().forEach(outgoing -> take(outgoing.batch()));
        return plan;
    }

    private StepPlan step() {
        StepPlan plan = plan();
        answer(worker.run(plan));
        return plan;
    }

    private void answer(StepAnswer answer) {
        now += 10;
        scheduler.apply(answer, now);
        scheduler.takeOutbox().forEach(outgoing -> take(outgoing.batch()));
    }

    /** As a router that takes everything at once. */
    private void runToIdle() {
        for (int i = 0; i < 10_000 && !scheduler.isIdle(); i++) {
            now += 200;
            scheduler.planDue(now).ifPresent(plan -> answer(worker.run(plan)));
            List<StreamAck> acks = told.stream()
                    .map(run -> new StreamAck(run.attempt(), run.choice(), run.endIndex()))
                    .toList();
            scheduler.acks(new StreamAcks(acks), now);
        }
        scheduler.planDue(now).ifPresent(plan -> answer(worker.run(plan)));
        assertThat(scheduler.isIdle()).isTrue();
        assertThat(scheduler.kvUse().slots()).isZero();
        assertThat(scheduler.kvUse().blocks()).isEqualTo(scheduler.kvUse().cachedBlocks());
    }

    private List<Integer> tokens(String id, int choice) {
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

    private List<FinishReason> finishes(String id) {
        return told.stream()
                .filter(run -> run.attempt().requestId().equals(id))
                .flatMap(run -> run.finish().stream())
                .toList();
    }

    private void assertExact(GenerateRequest request) {
        for (int choice = 0; choice < request.choices(); choice++) {
            var expected = FakeModel.continuation(request.prompt(), choice, request.sampling(), CONTEXT, VOCABULARY);
            assertThat(tokens(request.requestId(), choice))
                    .containsExactlyElementsOf(
                            IntStream.of(expected.tokens().toArray()).boxed().toList());
        }
        assertThat(finishes(request.requestId())).hasSize(request.choices());
    }

    @Test
    void nothingToDoMakesNoPlan() {
        assertThat(scheduler.planDue(now)).isEmpty();
    }

    @Test
    void requestsJoinAndLeaveAtEveryStep() {
        GenerateRequest a = request("a", 10, 3);
        GenerateRequest b = request("b", 10, 3);
        admit(a);
        assertThat(step().chunks()).hasSize(1);
        admit(b);

        StepPlan both = step();

        assertThat(both.decodes()).hasSize(1);
        assertThat(both.chunks()).hasSize(1);
        runToIdle();
        assertExact(a);
        assertExact(b);
    }

    @Test
    void aLongPromptLeavesRowsForOthersAndNeverStallsADecode() {
        admit(request("decoding", 10, 40));
        step();
        admit(request("long", 900, 2));
        admit(request("short", 10, 2));

        StepPlan plan = step();

        assertThat(plan.decodes()).hasSize(1);
        assertThat(plan.chunks()).extracting(StepPlan.Chunk::count).containsExactly(54, 10);
        runToIdle();
    }

    @Test
    void aPromptAloneGetsTheWholeBudget() {
        admit(request("long", 900, 2));

        assertThat(step().rows()).isEqualTo(128);
        runToIdle();
        assertExact(request("long", 900, 2));
    }

    @Test
    void cancelEndsWithinOneStepAndFreesTheSlot() {
        admit(request("a", 100, 500));
        step();
        step();

        scheduler.cancel(new Cancel(new Attempt("a", 1)), now);
        StepPlan plan = step();

        assertThat(plan.decodes()).isEmpty();
        assertThat(plan.ends()).extracting(StepPlan.End::tell).containsExactly(Optional.of(FinishReason.CANCELLED));
        assertThat(scheduler.kvUse().slots()).isZero();
        assertThat(scheduler.isIdle()).isTrue();
        assertThat(finishes("a")).containsExactly(FinishReason.CANCELLED);
    }

    @Test
    void cancelWhileAStepIsUnderWayEndsInTheNext() {
        admit(request("a", 10, 500));
        StepPlan underWay = plan();
        scheduler.cancel(new Cancel(new Attempt("a", 1)), now);
        answer(worker.run(underWay));

        assertThat(step().ends()).hasSize(1);
        runToIdle();
    }

    @Test
    void aCancelledWaitingSequenceNeverStartsEvenIfTheCancelCameFirst() {
        admit(request("a", 10, 5));
        scheduler.cancel(new Cancel(new Attempt("a", 1)), now);
        scheduler.cancel(new Cancel(new Attempt("b", 1)), now);

        assertThat(admit(request("b", 10, 5))).isInstanceOf(Admitted.class);

        assertThat(scheduler.planDue(now)).isEmpty();
        scheduler.takeOutbox().forEach(outgoing -> take(outgoing.batch()));
        assertThat(finishes("a")).containsExactly(FinishReason.CANCELLED);
    }

    @Test
    void aDuplicateIsAdmittedAndStartedOnceEvenAfterTheEnd() {
        GenerateRequest a = request("a", 10, 5);
        admit(a);
        assertThat(admit(a)).isEqualTo(new Admitted(a.attempt()));
        runToIdle();
        assertThat(admit(a)).isEqualTo(new Admitted(a.attempt()));
        runToIdle();

        assertThat(scheduler.probe(new StreamProbe(a.attempt()), now).status()).isEqualTo(StreamState.Status.ENDED);
        assertExact(a);
    }

    @Test
    void aNewerEpochReplacesTheOlderSilentlyAndTheOlderIsRefusedFromThen() {
        GenerateRequest first = request("a", 1, prompt("a", 10), 1, 5);
        GenerateRequest second = request("a", 2, prompt("a", 10), 1, 5);
        admit(first);
        step();
        admit(second);

        assertThat(admit(first)).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                .isEqualTo(ErrorCode.STALE_ATTEMPT));
        assertThat(step().ends()).extracting(StepPlan.End::tell).containsExactly(Optional.empty());
        runToIdle();
        assertThat(told.stream().filter(run -> run.finish().isPresent()))
                .extracting(TokenRun::attempt)
                .containsExactly(second.attempt());
        assertThat(admit(first)).isInstanceOf(Refused.class);
    }

    @Test
    void beyondTheQueueRequestsAreRefusedAtOnceWithATimeToComeBack() {
        for (int i = 0; i < CONFIG.maxWaiting(); i++) {
            admit(request("q" + i, 10, 5));
        }

        assertThat(admit(request("more", 10, 5))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.QUEUE_FULL);
            assertThat(refused.retryAfterMillis()).isBetween(1_000L, 30_000L);
        });
        runToIdle();
        assertThat(admit(request("more", 10, 5))).isInstanceOf(Admitted.class);
    }

    @Test
    void whatCanNeverFitIsRefusedAndTheContextCutsTheRest() {
        assertThat(admit(request("a", CONTEXT, 1)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED));
        GenerateRequest cut = request("b", CONTEXT - 3, 100);
        admit(cut);
        runToIdle();
        assertExact(cut);
        assertThat(tokens("b", 0)).hasSize(3);

        begin(new KvPlan(2, 512, 0));
        assertThat(admit(request("c", 400, 200))).isInstanceOf(Refused.class);
        assertThat(admit(request("d", 400, 112))).isInstanceOf(Admitted.class);
    }

    @Test
    void aTokenOutsideTheVocabularyIsNamed() {
        assertThat(admit(request("a", 1, TokenIds.of(1, VOCABULARY), 1, 1)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.message())
                        .contains("token id 1000 at position 1"));
    }

    @Test
    void aSecondRequestComputesOnlyWhatIsNewAndSaysSo() {
        GenerateRequest a = request("a", 100, 5);
        admit(a);
        runToIdle();
        GenerateRequest again = request("b", 1, a.prompt(), 1, 5);
        admit(again);

        StepPlan plan = step();

        assertThat(FakeWorker.restored(plan)).isEqualTo(96);
        assertThat(plan.rows()).isEqualTo(4);
        assertThat(plan.starts().get(0).cachedTokens()).isEqualTo(96);
        runToIdle();
        assertThat(tokens("b", 0)).isEqualTo(tokens("a", 0));
    }

    @Test
    void anotherTenantComputesEverything() {
        GenerateRequest a = request("a", 100, 5);
        admit(a);
        runToIdle();
        admit(new GenerateRequest("b", 1, "other", "router", a.prompt(), 1, a.sampling()));

        assertThat(step().rows()).isEqualTo(100);
    }

    @Test
    void theNextTurnOfAConversationFindsTheAnswerInTheCache() {
        GenerateRequest a = request("a", 60, 40);
        admit(a);
        runToIdle();
        int[] answer = tokens("a", 0).stream().mapToInt(Integer::intValue).toArray();
        admit(request("b", 1, a.prompt().concat(TokenIds.of(answer)).concat(TokenIds.of(1, 2, 3)), 1, 5));

        assertThat(FakeWorker.restored(step())).isEqualTo(96);
        runToIdle();
    }

    @Test
    void otherChoicesTakeThePromptOfTheFirstFromTheCache() {
        GenerateRequest a = request("a", 1, prompt("a", 100), 3, 5);
        admit(a);

        assertThat(step().starts()).hasSize(1);
        StepPlan second = step();

        assertThat(second.starts()).hasSize(2);
        assertThat(second.rows()).isEqualTo(1 + 4 + 4);
        runToIdle();
        assertExact(a);
    }

    @Test
    void withoutRoomTheYoungestGivesWayAndEndsRightAllTheSame() {
        begin(new KvPlan(1, 1024, 8));
        List<GenerateRequest> requests =
                IntStream.range(0, 4).mapToObj(i -> request("p" + i, 150, 300)).toList();
        requests.forEach(this::admit);

        runToIdle();

        requests.forEach(this::assertExact);
    }

    @Test
    void aSequenceBeyondItsCreditRestsUntilAcknowledged() {
        admit(request("a", 10, 200));
        for (int i = 0; i < CONFIG.creditWindow(); i++) {
            step();
        }

        assertThat(scheduler.planDue(now + 10).map(StepPlan::rows).orElse(0)).isZero();
        now += 20;
        scheduler.acks(new StreamAcks(List.of(new StreamAck(new Attempt("a", 1), 0, 10))), now);
        runToIdle();
        assertThat(tokens("a", 0)).hasSize(200);
    }

    @Test
    void theGreatestAcknowledgementIsPassedOnEvenOfTheEnded() {
        GenerateRequest a = request("a", 10, 5);
        admit(a);
        for (int i = 0; i < 5; i++) {
            step();
        }
        for (int received : new int[] {2, 5, 3}) {
            scheduler.acks(new StreamAcks(List.of(new StreamAck(a.attempt(), 0, received))), now);
        }
        scheduler.acks(new StreamAcks(List.of(new StreamAck(new Attempt("unknown", 1), 0, 9))), now);

        assertThat(step().acks()).containsExactly(new StreamAck(a.attempt(), 0, 5));
        assertThat(scheduler.planDue(now)).isEmpty();
    }

    @Test
    void aRestingSequenceGivesItsSlotToOneThatCanRun() {
        begin(new KvPlan(1, 1024, 0));
        admit(request("slow", 10, 1000));
        for (int i = 0; i < CONFIG.creditWindow(); i++) {
            step();
        }
        scheduler.planDue(now).ifPresent(plan -> answer(worker.run(plan)));
        GenerateRequest large = request("large", 800, 5);
        admit(large);

        assertThat(step().chunks()).hasSize(1);
        runToIdle();
        assertExact(large);
        assertExact(request("slow", 10, 1000));
    }

    @Test
    void whatNoRouterAsksAboutIsCancelled() {
        admit(request("a", 10, 500));
        admit(request("b", 10, 500));
        step();
        now += 40_000;
        scheduler.probe(new StreamProbe(new Attempt("b", 1)), now);
        now += 30_000;
        scheduler.tick(now);
        step();

        assertThat(finishes("a")).containsExactly(FinishReason.CANCELLED);
        assertThat(finishes("b")).isEmpty();
    }

    @Test
    void anUnansweredPlanIsSentAgainAsItWas() {
        admit(request("a", 10, 5));
        StepPlan plan = plan();

        assertThat(scheduler.planDue(now + 4_999)).isEmpty();
        assertThat(scheduler.planDue(now + 5_000)).contains(plan);
        scheduler.unanswered(plan, now + 5_001);
        assertThat(scheduler.planDue(now + 5_101)).contains(plan);
    }

    @Test
    void anAnswerToAnotherPlanIsIgnored() {
        admit(request("a", 10, 5));
        StepPlan plan = plan();

        answer(new StepAnswer.ResyncNeeded(1, plan.number() + 1));
        answer(new StepAnswer.StepFailed(2, plan.number(), "another batcher's"));

        assertThat(scheduler.planDue(now + 5_000)).contains(plan);
    }

    @Test
    void anAnswerWithoutAllTokensStartsOver() {
        GenerateRequest a = request("a", 10, 5);
        admit(a);
        StepPlan plan = plan();
        worker.run(plan);
        answer(new StepAnswer.StepResult(1, plan.number(), List.of(), 1));
        now += 200;

        assertThat(plan().reset()).isTrue();
    }

    @Test
    void aRestartedWorkerGetsEverythingAgainWithTheTokensSoFar() {
        GenerateRequest a = request("a", 100, 20);
        admit(a);
        step();
        step();
        worker.restart();
        step();
        StepPlan again = step();

        assertThat(again.reset()).isTrue();
        assertThat(again.starts()).hasSize(1);
        assertThat(again.starts().get(0).generated().size()).isEqualTo(2);
        assertThat(again.rows()).isEqualTo(102);
        runToIdle();
        assertExact(a);
    }

    @Test
    void aCancelLostWithTheWorkerIsToldByTheBatcher() {
        admit(request("a", 10, 50));
        step();
        scheduler.cancel(new Cancel(new Attempt("a", 1)), now);
        worker.restart();
        step();

        assertThat(finishes("a")).containsExactly(FinishReason.CANCELLED);
    }

    @Test
    void aSequenceThatMakesStepsFailIsFoundAndTheOthersGoOn() {
        List<GenerateRequest> good =
                IntStream.range(0, 5).mapToObj(i -> request("g" + i, 40, 30)).toList();
        good.subList(0, 3).forEach(this::admit);
        worker.poison(start -> start.attempt().requestId().equals("bad"));
        admit(request("bad", 40, 30));
        good.subList(3, 5).forEach(this::admit);

        runToIdle();

        assertThat(finishes("bad")).containsExactly(FinishReason.FAILED);
        good.forEach(this::assertExact);
    }

    @Test
    void aDrainingReplicaEndsWhatItHasAndAdmitsNothing() {
        GenerateRequest a = request("a", 10, 5);
        admit(a);
        scheduler.drain();

        assertThat(admit(request("b", 10, 5)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.code()).isEqualTo(ErrorCode.DRAINING));
        assertThat(admit(a)).isInstanceOf(Admitted.class);
        runToIdle();
        assertExact(a);
    }

    @Test
    void theLoadCountsTokensStillToCompute() {
        admit(request("a", 100, 20));
        assertThat(scheduler.load().outstandingTokens()).isEqualTo(120);
        step();
        assertThat(scheduler.load().outstandingTokens()).isEqualTo(20);
        assertThat(scheduler.load().running()).isEqualTo(1);
        assertThat(scheduler.load().kvUsage()).isEqualTo(256f / 4096);
    }

    @Test
    void endedAttemptsAreForgottenAfterAWhile() {
        GenerateRequest a = request("a", 10, 5);
        admit(a);
        runToIdle();
        now += CONFIG.endedMemoryMillis();
        scheduler.tick(now);

        assertThat(scheduler.probe(new StreamProbe(a.attempt()), now).status()).isEqualTo(StreamState.Status.UNKNOWN);
    }

    @Test
    void guessesFillRowsThatNobodyElseWants() {
        beginGuessing(4);
        admit(request("a", 10, 40));
        step();
        assertThat(guesses(step())).containsExactly(3);
        admit(request("b", 20, 40));
        assertThat(guesses(step())).as("beside a prompt").containsExactly(0);
        assertThat(guesses(step())).as("two decodes").containsExactly(1, 1);
        admit(request("c", 20, 40));
        step();
        assertThat(guesses(step())).as("three decodes").containsExactly(0, 0, 0);
    }

    @Test
    void guessesNeverPassTheSlotTheLengthOrTheCredit() {
        beginGuessing(12);
        admit(request("a", 10, 6));
        step();
        int length = 11;
        while (!scheduler.isIdle()) {
            StepPlan plan = step();
            for (StepPlan.Decode decode : plan.decodes()) {
                assertThat(decode.position() + 1 + decode.guesses()).isLessThanOrEqualTo(15);
                length = decode.position() + 1;
            }
        }
        assertThat(length).isLessThan(16);
        assertThat(tokens("a", 0)).hasSize(6);
        admit(request("b", 10, 500));
        runToIdle();
        assertThat(tokens("b", 0)).hasSize(500);
    }

    @Test
    void moreTokensThanGuessesAskedForAreAnAnswerNotToBeTrusted() {
        beginGuessing(2);
        admit(request("a", 10, 40));
        step();
        StepPlan plan = plan();
        var token = new StepAnswer.Sampled(plan.decodes().get(0).sequenceId(), 1, Optional.empty());
        answer(new StepAnswer.StepResult(1, plan.number(), List.of(token, token, token), 1));
        now += 100;
        assertThat(plan().reset()).isTrue();
    }
}
