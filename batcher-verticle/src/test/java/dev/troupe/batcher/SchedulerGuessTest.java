package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Guessed tokens in the rows that are left. */
class SchedulerGuessTest extends SchedulerHarness {
    private void beginGuessing(int rows) {
        var guessing = new BatcherConfig(8, 128, 64, rows, 10, 50, 60_000, 5_000, 100, 300_000, 1_000, 20_000, 30_000);
        scheduler = new Scheduler(replica, guessing, 1, SchedulerMetrics.NONE);
    }

    private static List<Integer> guesses(StepPlan plan) {
        return plan.decodes().stream().map(StepPlan.Decode::guesses).toList();
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
