package dev.troupe.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepAnswer.OutOfMemory;
import dev.troupe.cluster.message.StepAnswer.ResyncNeeded;
import dev.troupe.cluster.message.StepAnswer.Sampled;
import dev.troupe.cluster.message.StepAnswer.StepFailed;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StepPlan.Chunk;
import dev.troupe.cluster.message.StepPlan.Decode;
import dev.troupe.cluster.message.StepPlan.End;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.worker.model.StepInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepEngineTest {
    private static final long BATCHER = 77;
    private static final SlotRef SLOT = new SlotRef(0, 256, 0);
    private static final SlotRef OTHER_SLOT = new SlotRef(0, 256, 1);

    private final FakeModel model = new FakeModel();
    private final AtomicLong clock = new AtomicLong(1);
    private final StepEngine engine = new StepEngine("w", model, clock::get);

    private static SamplingParams greedy(int maxTokens, int... stops) {
        return SamplingParams.greedy(maxTokens, TokenIds.of(stops));
    }

    private static SequenceStart start(long id, String router, SamplingParams sampling, int... prompt) {
        return new SequenceStart(
                id, new Attempt("r" + id, 1), 0, router, TokenIds.of(prompt), TokenIds.EMPTY, 0, sampling);
    }

    private static Plan plan(long number) {
        return new Plan(BATCHER, number);
    }

    /** Builds plans with only what a test is about. */
    private record Plan(
            long incarnation,
            long number,
            boolean reset,
            List<End> ends,
            List<KvCopy> copies,
            List<SequenceStart> starts,
            List<Decode> decodes,
            List<Chunk> chunks,
            List<StreamAck> acks) {
        Plan(long incarnation, long number) {
            this(incarnation, number, false, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        }

        Plan resetting() {
            return new Plan(incarnation, number, true, ends, copies, starts, decodes, chunks, acks);
        }

        Plan ending(End... all) {
            return new Plan(incarnation, number, reset, List.of(all), copies, starts, decodes, chunks, acks);
        }

        Plan copying(KvCopy... all) {
            return new Plan(incarnation, number, reset, ends, List.of(all), starts, decodes, chunks, acks);
        }

        Plan starting(SequenceStart... all) {
            return new Plan(incarnation, number, reset, ends, copies, List.of(all), decodes, chunks, acks);
        }

        Plan decoding(Decode... all) {
            return new Plan(incarnation, number, reset, ends, copies, starts, List.of(all), chunks, acks);
        }

        Plan computing(Chunk... all) {
            return new Plan(incarnation, number, reset, ends, copies, starts, decodes, List.of(all), acks);
        }

        Plan acknowledging(StreamAck... all) {
            return new Plan(incarnation, number, reset, ends, copies, starts, decodes, chunks, List.of(all));
        }

        StepPlan done() {
            return new StepPlan(
                    incarnation, number, reset, ends, copies, starts, decodes, chunks, acks, List.of(), List.of());
        }
    }

    private StepEngine.Outcome run(Plan plan) {
        return engine.run(plan.done());
    }

    private StepEngine.Outcome begin(SamplingParams sampling) {
        return run(plan(1).resetting()
                .starting(start(1, "router", sampling, 3, 4))
                .computing(new Chunk(1, SLOT, 0, 2, true)));
    }

    private static List<Sampled> sampled(StepEngine.Outcome outcome) {
        return ((StepResult) outcome.answer()).sampled();
    }

    private static TokenRun onlyRun(StepEngine.Outcome outcome) {
        assertThat(outcome.batches()).containsOnlyKeys("router");
        var batch = outcome.batches().get("router");
        assertThat(batch.replicaId()).isEqualTo("w");
        assertThat(batch.runs()).hasSize(1);
        return batch.runs().get(0);
    }

    @Test
    void promptSamplesFirstTokenAndDecodeTheNext() {
        var first = begin(greedy(9));
        assertThat(sampled(first)).containsExactly(new Sampled(1, 5, Optional.empty()));
        assertThat(onlyRun(first).tokens()).isEqualTo(TokenIds.of(5));
        var second = run(plan(2).decoding(new Decode(1, SLOT, 2, 0)));
        assertThat(sampled(second)).containsExactly(new Sampled(1, 6, Optional.empty()));
        assertThat(onlyRun(second).firstIndex()).isEqualTo(1);
        assertThat(model.openOutputs).isZero();
    }

    @Test
    void chunkThatDoesNotSampleSaysNothing() {
        var outcome = run(plan(1).resetting()
                .starting(start(1, "router", greedy(9), 3, 4, 5))
                .computing(new Chunk(1, SLOT, 0, 2, false)));
        assertThat(sampled(outcome)).isEmpty();
        assertThat(outcome.batches()).isEmpty();
        assertThat(model.inputs.get(0).chunks().get(0).tokens()).isEqualTo(TokenIds.of(3, 4));
    }

    @Test
    void oneBatchGoesToEachRouter() {
        var outcome = run(plan(1).resetting()
                .starting(start(1, "a", greedy(9), 1), start(2, "b", greedy(9), 2), start(3, "a", greedy(9), 3))
                .computing(
                        new Chunk(1, SLOT, 0, 1, true),
                        new Chunk(2, OTHER_SLOT, 0, 1, true),
                        new Chunk(3, new SlotRef(0, 256, 2), 0, 1, true)));
        assertThat(outcome.batches()).containsOnlyKeys("a", "b");
        assertThat(outcome.batches().get("a").runs()).hasSize(2);
        assertThat(outcome.batches().get("b").runs()).hasSize(1);
    }

    @Test
    void stopTokenEndsASequence() {
        var outcome = begin(greedy(9, 5));
        assertThat(sampled(outcome)).containsExactly(new Sampled(1, 5, Optional.of(FinishReason.STOP)));
        assertThat(onlyRun(outcome).finish()).contains(FinishReason.STOP);
    }

    @Test
    void maxTokensEndASequence() {
        var outcome = begin(greedy(1));
        assertThat(sampled(outcome)).containsExactly(new Sampled(1, 5, Optional.of(FinishReason.LENGTH)));
        assertThat(onlyRun(outcome).finish()).contains(FinishReason.LENGTH);
    }

    @Test
    void fullContextEndsASequence() {
        var outcome = run(plan(1).resetting()
                .starting(start(2, "router", greedy(99), new int[39]))
                .computing(new Chunk(2, SLOT, 0, 39, true)));
        assertThat(sampled(outcome)).containsExactly(new Sampled(2, 1, Optional.of(FinishReason.LENGTH)));
    }

    @Test
    void samePlanTwiceRunsOnceAndAnswersAlike() {
        var first = begin(greedy(9));
        var again = begin(greedy(9));
        assertThat(again.answer()).isEqualTo(first.answer());
        assertThat(again.batches()).isEmpty();
        assertThat(model.inputs).hasSize(1);
    }

    @Test
    void planThatDoesNotFollowIsAnsweredWithResync() {
        var first = new Plan(BATCHER, 1).decoding(new Decode(1, SLOT, 2, 0));
        assertThat(run(first).answer()).isEqualTo(new ResyncNeeded(BATCHER, 1));
        begin(greedy(9));
        assertThat(run(plan(3)).answer()).isEqualTo(new ResyncNeeded(BATCHER, 3));
        assertThat(run(new Plan(BATCHER + 1, 2)).answer()).isEqualTo(new ResyncNeeded(BATCHER + 1, 2));
        assertThat(run(plan(2)).answer()).isInstanceOf(StepResult.class);
    }

    @Test
    void planAboutUnknownSequenceOrPositionIsAnsweredWithResyncAndRunsNothing() {
        begin(greedy(9));
        assertThat(run(plan(2).decoding(new Decode(8, SLOT, 2, 0))).answer()).isInstanceOf(ResyncNeeded.class);
        assertThat(run(plan(2).decoding(new Decode(1, SLOT, 3, 0))).answer()).isInstanceOf(ResyncNeeded.class);
        assertThat(run(plan(2).computing(new Chunk(1, SLOT, 0, 4, false))).answer())
                .isInstanceOf(ResyncNeeded.class);
        assertThat(run(plan(2).computing(new Chunk(1, SLOT, 0, 2, true))).answer())
                .isInstanceOf(ResyncNeeded.class);
        assertThat(model.inputs).hasSize(1);
        assertThat(run(plan(2).decoding(new Decode(1, SLOT, 2, 0))).answer()).isInstanceOf(StepResult.class);
    }

    @Test
    void resetForgetsSequences() {
        begin(greedy(9));
        run(new Plan(BATCHER + 1, 5).resetting());
        var decode = new Plan(BATCHER + 1, 6).decoding(new Decode(1, SLOT, 2, 0));
        assertThat(run(decode).answer()).isInstanceOf(ResyncNeeded.class);
    }

    @Test
    void failedStepForgetsEverythingAndAsksForResyncNext() {
        begin(greedy(9));
        model.failing = true;
        var failed = run(plan(2).decoding(new Decode(1, SLOT, 2, 0)));
        assertThat(failed.answer()).isEqualTo(new StepFailed(BATCHER, 2, "broken"));
        model.failing = false;
        assertThat(run(plan(2).decoding(new Decode(1, SLOT, 2, 0))).answer())
                .as("asked again, as its answer may have been lost")
                .isEqualTo(failed.answer());
        assertThat(run(plan(3)).answer()).isInstanceOf(ResyncNeeded.class);
        assertThat(run(plan(3).resetting()).answer()).isInstanceOf(StepResult.class);
    }

    @Test
    void stepWithoutMemoryChangesNothingAndTheNextPlanFollows() {
        begin(greedy(9));
        model.full = true;
        var plan = plan(2).starting(start(2, "router", greedy(9), 7))
                .decoding(new Decode(1, SLOT, 2, 0))
                .computing(new Chunk(2, OTHER_SLOT, 0, 1, true));
        var full = run(plan);
        assertThat(full.answer()).isInstanceOfSatisfying(OutOfMemory.class, answer -> assertThat(answer.forgotten())
                .isFalse());
        assertThat(full.batches()).isEmpty();
        model.full = false;
        assertThat(run(plan).answer())
                .as("asked again, as its answer may have been lost")
                .isEqualTo(full.answer());

        var again = run(plan(3).decoding(new Decode(1, SLOT, 2, 0)).computing(new Chunk(2, OTHER_SLOT, 0, 1, true)));

        assertThat(sampled(again))
                .containsExactly(new Sampled(1, 6, Optional.empty()), new Sampled(2, 8, Optional.empty()));
    }

    @Test
    void memoryThatEndsAmidSamplingTakesNoTokenOfTheStep() {
        begin(greedy(9));
        model.fullForSampling = true;
        var two = plan(2).starting(start(2, "router", greedy(9), 7))
                .decoding(new Decode(1, SLOT, 2, 0))
                .computing(new Chunk(2, OTHER_SLOT, 0, 1, true));
        var full = run(two);
        assertThat(full.answer()).isInstanceOf(OutOfMemory.class);
        assertThat(full.batches()).isEmpty();
        assertThat(model.openOutputs).isZero();
        model.fullForSampling = false;

        assertThat(sampled(run(plan(3).decoding(new Decode(1, SLOT, 2, 0)))))
                .containsExactly(new Sampled(1, 6, Optional.empty()));
    }

    @Test
    void copyWithoutMemoryForgetsEverything() {
        begin(greedy(9));
        model.fullForCopies = true;
        var full = run(plan(2).copying(new KvCopy.Move(SLOT, OTHER_SLOT, 2)).decoding(new Decode(1, OTHER_SLOT, 2, 0)));
        assertThat(full.answer()).isInstanceOfSatisfying(OutOfMemory.class, answer -> assertThat(answer.forgotten())
                .isTrue());
        model.fullForCopies = false;

        assertThat(run(plan(3).decoding(new Decode(1, OTHER_SLOT, 2, 0))).answer())
                .isInstanceOf(ResyncNeeded.class);
    }

    @Test
    void lateDuplicateOfAnOldResetHarmsNothing() {
        begin(greedy(9));
        run(plan(2).decoding(new Decode(1, SLOT, 2, 0)));
        assertThat(run(plan(1).resetting()).answer()).isInstanceOf(ResyncNeeded.class);
        assertThat(run(new Plan(BATCHER - 1, 7).resetting()).answer()).isInstanceOf(ResyncNeeded.class);
        assertThat(run(plan(3).decoding(new Decode(1, SLOT, 3, 0))).answer()).isInstanceOf(StepResult.class);
    }

    @Test
    void tokensOnceSentStayTheSameAfterResync() {
        begin(greedy(9));
        run(plan(2).decoding(new Decode(1, SLOT, 2, 0)));
        // The batcher lost the second answer. Had its prompt been another one, the model would say 1 now.
        var again = run(new Plan(BATCHER + 1, 1)
                .resetting()
                .starting(start(1, "router", greedy(9), 3, 0))
                .computing(new Chunk(1, SLOT, 0, 2, true)));
        assertThat(sampled(again)).containsExactly(new Sampled(1, 5, Optional.empty()));
    }

    @Test
    void resentTokensComeFromTheAskedIndexUntilAcknowledged() {
        begin(greedy(9));
        run(plan(2).decoding(new Decode(1, SLOT, 2, 0)));
        var attempt = new Attempt("r1", 1);
        assertThat(engine.resend(new Resend(attempt, 0, 0)).runs().get(0).tokens())
                .isEqualTo(TokenIds.of(5, 6));
        assertThat(engine.resend(new Resend(attempt, 0, 1)).runs().get(0).tokens())
                .isEqualTo(TokenIds.of(6));
        assertThat(engine.resend(new Resend(attempt, 0, 2)).runs()).isEmpty();
        assertThat(engine.resend(new Resend(new Attempt("r1", 2), 0, 0)).runs()).isEmpty();
        run(plan(3).acknowledging(new StreamAck(attempt, 0, 2)).ending(new End(1, Optional.empty())));
        assertThat(engine.resend(new Resend(attempt, 0, 0)).runs()).isEmpty();
    }

    @Test
    void endIsToldToTheRouterWhenAskedFor() {
        begin(greedy(9));
        var outcome = run(plan(2).ending(new End(1, Optional.of(FinishReason.CANCELLED))));
        var run = onlyRun(outcome);
        assertThat(run.finish()).contains(FinishReason.CANCELLED);
        assertThat(run.firstIndex()).isEqualTo(1);
        assertThat(run.tokens().isEmpty()).isTrue();
        assertThat(run(plan(3).ending(new End(1, Optional.of(FinishReason.CANCELLED))))
                        .batches())
                .isEmpty();
    }

    @Test
    void copiesAreDoneInOrderBeforeTheStep() {
        var move = new KvCopy.Move(SLOT, OTHER_SLOT, 5);
        var save = new KvCopy.Save(OTHER_SLOT, 0, List.of(1));
        begin(greedy(9));
        run(plan(2).copying(move, save).decoding(new Decode(1, OTHER_SLOT, 2, 0)));
        assertThat(model.copies).containsExactly(move, save);
    }

    @Test
    void sampledTokenDependsOnSeedChoiceAndIndexOnly() {
        var sampling = new SamplingParams(
                1, 1, OptionalInt.empty(), 0, 0, 0, 1, Map.of(), 5, OptionalInt.empty(), 30, TokenIds.EMPTY);
        begin(sampling);
        int[] tokens = new int[20];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = sampled(run(plan(i + 2L).decoding(new Decode(1, SLOT, i + 2, 0))))
                    .get(0)
                    .token();
        }
        assertThat(Arrays.stream(tokens).distinct().count()).isGreaterThan(2);
        // the same attempt elsewhere, taken up after ten tokens, goes on alike
        var other = new StepEngine("w2", new FakeModel(), clock::get);
        int first = engine.resend(new Resend(new Attempt("r1", 1), 0, 0))
                .runs()
                .get(0)
                .tokens()
                .get(0);
        var said = TokenIds.of(first).concat(TokenIds.of(tokens).slice(0, 9));
        var resumed = new SequenceStart(1, new Attempt("r1", 2), 0, "router", TokenIds.of(3, 4), said, 0, sampling);
        var outcome = other.run(new Plan(BATCHER, 1)
                .resetting()
                .starting(resumed)
                .computing(new Chunk(1, SLOT, 0, 12, true))
                .done());
        assertThat(sampled(outcome).get(0).token()).isEqualTo(tokens[9]);
        assertThat(outcome.batches().get("router").runs().get(0).firstIndex()).isEqualTo(10);
    }

    @Test
    void rightGuessesAreTokensLikeOthersAndAWrongOneEndsThem() {
        // The model counts; after the second 4 the text goes on as after the first for one token.
        run(plan(1).resetting()
                .starting(start(1, "router", greedy(9), 2, 3, 4, 5, 9, 2, 3))
                .computing(new Chunk(1, SLOT, 0, 7, true)));
        var outcome = run(plan(2).decoding(new Decode(1, SLOT, 7, 3)));
        assertThat(model.inputs.get(1).chunks())
                .containsExactly(new StepInput.Chunk(SLOT, 7, TokenIds.of(4, 5, 9, 2), 4));
        assertThat(sampled(outcome))
                .containsExactly(new Sampled(1, 5, Optional.empty()), new Sampled(1, 6, Optional.empty()));
        assertThat(onlyRun(outcome).firstIndex()).isEqualTo(1);
        assertThat(onlyRun(outcome).tokens()).isEqualTo(TokenIds.of(5, 6));
        assertThat(sampled(run(plan(3).decoding(new Decode(1, SLOT, 9, 3)))))
                .containsExactly(new Sampled(1, 7, Optional.empty()));
    }

    @Test
    void guessesBeyondTheEndAreNotTaken() {
        run(plan(1).resetting()
                .starting(start(1, "router", greedy(2), 2, 3, 4, 5, 6, 7, 2, 3))
                .computing(new Chunk(1, SLOT, 0, 8, true)));
        var outcome = run(plan(2).decoding(new Decode(1, SLOT, 8, 3)));
        assertThat(sampled(outcome)).containsExactly(new Sampled(1, 5, Optional.of(FinishReason.LENGTH)));
        assertThat(onlyRun(outcome).tokens()).isEqualTo(TokenIds.of(5));
    }

    @Test
    void sampledTokensAreTheSameWithGuessesAndWithout() {
        var sampling = new SamplingParams(
                1, 1, OptionalInt.of(2), 0, 0, 0, 1, Map.of(), 5, OptionalInt.empty(), 30, TokenIds.EMPTY);
        begin(sampling);
        var plain = new ArrayList<Integer>();
        for (int i = 0; i < 20; i++) {
            plain.add(sampled(run(plan(i + 2L).decoding(new Decode(1, SLOT, i + 2, 0))))
                    .get(0)
                    .token());
        }
        var other = new StepEngine("w2", new FakeModel(), clock::get);
        other.run(plan(1).resetting()
                .starting(start(1, "router", sampling, 3, 4))
                .computing(new Chunk(1, SLOT, 0, 2, true))
                .done());
        var guessed = new ArrayList<Integer>();
        int steps = 0;
        while (guessed.size() < 20) {
            var decode = new Decode(1, SLOT, 2 + guessed.size(), 3);
            var plan = plan(2L + steps++).decoding(decode).done();
            sampled(other.run(plan)).forEach(token -> guessed.add(token.token()));
        }
        assertThat(steps).isLessThan(20);
        assertThat(guessed.subList(0, 20)).isEqualTo(plain);
    }

    @Test
    void logprobsAreThoseOfTheModelAndLikeliestFirst() {
        var sampling = new SamplingParams(
                0, 1, OptionalInt.empty(), 0, 0, 0, 1, Map.of(), 5, OptionalInt.of(2), 30, TokenIds.EMPTY);
        var logprobs = onlyRun(begin(sampling)).logprobs();
        assertThat(logprobs).hasSize(1);
        assertThat(logprobs.get(0).logprob()).isCloseTo((float) Math.log(0.5), offset(1e-6f));
        assertThat(logprobs.get(0).top()).extracting(a -> a.token()).containsExactly(5, 6);
    }

    @Test
    void acknowledgedAndEndedStreamIsForgottenAfterAMinute() {
        begin(greedy(1));
        run(plan(2).ending(new End(1, Optional.empty())));
        var resend = new Resend(new Attempt("r1", 1), 0, 0);
        assertThat(engine.resend(resend).runs()).hasSize(1);
        clock.addAndGet(61_000_000_000L);
        run(plan(3));
        assertThat(engine.resend(resend).runs()).isEmpty();
    }

    @Test
    void closingClosesTheModel() {
        engine.close();
        assertThat(model.closed).isTrue();
    }
}
