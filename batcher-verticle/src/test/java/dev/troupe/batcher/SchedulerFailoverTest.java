package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.GenerateRequest.Begun;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenIds;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests that come from a replica that is no more, and workers and routers that die. */
class SchedulerFailoverTest extends SchedulerHarness {
    @Test
    void aContinuationSaysWhatWasLeftToSay() {
        GenerateRequest whole = request("a", 60, 20);
        TokenIds expected = FakeModel.continuation(whole.prompt(), 0, whole.sampling(), CONTEXT, VOCABULARY)
                .tokens();
        admit(continuing(whole, List.of(new Begun(expected.slice(0, 7), false)), false));

        runToIdle();

        assertThat(told.get(0).firstIndex()).isEqualTo(7);
        assertThat(told.stream().flatMapToInt(run -> IntStream.of(run.tokens().toArray())))
                .containsExactlyElementsOf(
                        IntStream.of(expected.slice(7, 20).toArray()).boxed().toList());
        assertThat(finishes("a")).containsExactly(FinishReason.LENGTH);
    }

    @Test
    void choicesThatHaveEndedAreLeftAlone() {
        GenerateRequest whole = request("a", 1, prompt("a", 60), 3, 5);
        TokenIds one = FakeModel.continuation(whole.prompt(), 1, whole.sampling(), CONTEXT, VOCABULARY)
                .tokens();
        admit(continuing(
                whole,
                List.of(
                        new Begun(TokenIds.of(1), true),
                        new Begun(one.slice(0, 2), false),
                        new Begun(TokenIds.EMPTY, true)),
                false));

        runToIdle();

        assertThat(told).allMatch(run -> run.choice() == 1);
        assertThat(told.get(told.size() - 1).endIndex()).isEqualTo(5);
    }

    @Test
    void aContinuationThatHasNothingLeftOrForeignTokensIsRefused() {
        GenerateRequest whole = request("a", 60, 5);

        assertThat(admit(continuing(whole, List.of(new Begun(TokenIds.of(1, 2, 3, 4, 5), false)), false)))
                .isInstanceOf(Refused.class);
        assertThat(admit(continuing(whole, List.of(new Begun(TokenIds.of(1), true)), false)))
                .isInstanceOf(Refused.class);
        assertThat(admit(continuing(whole, List.of(new Begun(TokenIds.of(VOCABULARY), false)), false)))
                .isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.message())
                        .contains("position 0 of what was generated"));
    }

    @Test
    void aSuspectRunsAloneUntilItHasComeThroughAStep() {
        admit(request("innocent", 20, 50));
        step();
        admit(continuing(request("suspect", 30, 10), List.of(), true));

        StepPlan alone = step();
        StepPlan together = step();

        assertThat(alone.chunks()).hasSize(1);
        assertThat(alone.decodes()).isEmpty();
        assertThat(together.rows()).isGreaterThan(1);
        runToIdle();
        assertThat(finishes("innocent")).containsExactly(FinishReason.LENGTH);
        assertThat(finishes("suspect")).containsExactly(FinishReason.LENGTH);
    }

    @Test
    void whatADeadRouterAskedForIsForgotten() {
        admit(request("a", 20, 50));
        admit(new GenerateRequest(
                "b", 1, "t", "other", prompt("b", 20), 1, request("b", 20, 5).sampling()));
        step();

        scheduler.routerGone("router", now);

        runToIdle();
        assertThat(finishes("a")).as("nobody is there to be told").isEmpty();
        assertThat(finishes("b")).containsExactly(FinishReason.LENGTH);
        assertThat(admit(continuing(
                        new GenerateRequest(
                                "a",
                                65_537,
                                "t",
                                "next",
                                prompt("a", 20),
                                1,
                                request("a", 20, 5).sampling()),
                        List.of(),
                        false)))
                .as("the next owner's")
                .isNotInstanceOf(Refused.class);
        runToIdle();
    }

    private static GenerateRequest continuing(GenerateRequest request, List<Begun> begun, boolean alone) {
        return new GenerateRequest(
                request.requestId(),
                request.epoch(),
                request.tenant(),
                request.routerId(),
                request.prompt(),
                request.choices(),
                request.sampling(),
                begun,
                alone,
                false,
                request.share());
    }
}
