package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is let in, once, and how a request ends that nobody wants any more. */
class SchedulerAdmissionTest extends SchedulerHarness {
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
    void withoutTheMajorityEverythingEndsInSilenceAndNothingIsAdmitted() {
        GenerateRequest running = request("a", 10, 500);
        GenerateRequest waiting = request("b", 10, 500);
        admit(running);
        step();
        admit(waiting);
        int before = told.size();

        scheduler.majority(false, now);

        assertThat(admit(request("c", 10, 5))).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.NO_MAJORITY);
            assertThat(refused.retryAfterMillis()).isPositive();
        });
        assertThat(admit(running)).isInstanceOf(Refused.class);
        assertThat(scheduler.probe(new StreamProbe(running.attempt()), now).status())
                .isEqualTo(StreamState.Status.UNKNOWN);
        assertThat(step().ends()).extracting(StepPlan.End::tell).containsExactly(Optional.empty());
        assertThat(scheduler.isIdle()).isTrue();
        assertThat(scheduler.kvUse().slots()).isZero();
        assertThat(told).hasSize(before);
    }

    @Test
    void withTheMajorityBackAnAttemptThatItsLossEndedIsBegunAnew() {
        GenerateRequest a = request("a", 10, 5);
        admit(a);
        step();
        scheduler.majority(false, now);
        scheduler.majority(true, now);

        assertThat(admit(a)).isInstanceOf(Admitted.class);
        runToIdle();
        assertExact(a);
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
}
