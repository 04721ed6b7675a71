package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a step holds, and what becomes of it when the worker does not answer as it should. */
class SchedulerStepTest extends SchedulerHarness {
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
}
