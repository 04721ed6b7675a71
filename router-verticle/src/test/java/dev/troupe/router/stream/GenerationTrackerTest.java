package dev.troupe.router.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.journal.ChoiceLog;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest.Begun;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.models.tokenizer.Tokenizer;
import dev.troupe.router.TinyModel;
import dev.troupe.router.stream.GenerationTracker.Arrival;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GenerationTrackerTest {
    private static final Tokenizer TOKENIZER = Tokenizer.from(TinyModel.card("tiny", "f"));
    private static final Attempt FIRST = new Attempt("r", 1);

    private final GenerationTracker tracker = tracker(List.of(), 1);

    @Test
    void aGapIsSeenAndFilled() {
        assertThat(accept(tracker, run(0, "ab"), 0)).isEqualTo(Arrival.TAKEN);
        assertThat(accept(tracker, run(4, "ef"), 0)).isEqualTo(Arrival.GAP);
        assertThat(tracker.resend(0).from()).isEqualTo(2);
        assertThat(accept(tracker, run(2, "cdef"), 0)).isEqualTo(Arrival.TAKEN);

        assertThat(tracker.take(0).text()).isEqualTo("abcdef");
    }

    @Test
    void doubledAndOlderTokensAreDropped() {
        accept(tracker, run(0, "abc"), 0);
        accept(tracker, run(0, "abc"), 0);
        accept(tracker, run(1, "bcd"), 0);
        accept(tracker, run(0, "a"), 0);

        assertThat(tracker.take(0).text()).isEqualTo("abcd");
        assertThat(tracker.completionTokens()).isEqualTo(4);
    }

    @Test
    void anotherAttemptIsNotListenedTo() {
        tracker.nextAttempt(0);

        assertThat(accept(tracker, run(0, "old"), 0)).isEqualTo(Arrival.STRANGE);
        assertThat(tracker.begun()).isFalse();
        assertThat(tracker.attempt()).isEqualTo(new Attempt("r", 2));
    }

    @Test
    void aChoiceThatDoesNotExistIsStrange() {
        TokenRun run = new TokenRun(FIRST, 7, 0, TokenIds.of(1), List.of(), 0, Optional.empty());

        assertThat(accept(tracker, run, 0)).isEqualTo(Arrival.STRANGE);
    }

    @Test
    void everyThirtyTwoTokensAndTheEndAreAcknowledgedOnce() {
        accept(tracker, run(0, "x".repeat(31)), 0);
        assertThat(tracker.acksDue()).isEmpty();
        accept(tracker, run(31, "x"), 0);
        assertThat(tracker.acksDue()).containsExactly(new StreamAck(FIRST, 0, 32));
        assertThat(tracker.acksDue()).isEmpty();
        assertThat(tracker.allAcks()).containsExactly(new StreamAck(FIRST, 0, 32));

        accept(tracker, end(32, "y", FinishReason.LENGTH), 0);

        assertThat(tracker.acksDue()).containsExactly(new StreamAck(FIRST, 0, 33));
    }

    @Test
    void aChoiceCutHereRestsUntilTheOthersEnd() {
        GenerationTracker two = tracker(List.of("!"), 2);
        accept(two, run(0, "a!" + "x".repeat(40)), 0);
        assertThat(two.acksDue()).isEmpty();
        assertThat(two.ended()).isFalse();
        assertThat(two.unfinished()).containsExactly(0, 1);

        accept(
                two,
                new TokenRun(FIRST, 1, 0, TinyModel.tokens("b"), List.of(), 0, Optional.of(FinishReason.LENGTH)),
                0);

        assertThat(two.ended()).isTrue();
        assertThat(two.unfinished()).containsExactly(0);
        assertThat(two.acksDue()).containsExactly(new StreamAck(FIRST, 0, 42), new StreamAck(FIRST, 1, 1));
        assertThat(two.completionTokens()).as("the cut defines the usage").isEqualTo(3);
    }

    @Test
    void silenceIsCountedFromTheLastThingHeard() {
        accept(tracker, run(0, "a"), 1000);

        assertThat(tracker.silent(2999, 2000)).isFalse();
        assertThat(tracker.silent(3000, 2000)).isTrue();
        tracker.heard(3000);
        assertThat(tracker.silent(3001, 2000)).isFalse();
    }

    @Test
    void whatIsNoAnswerIsNoEnd() {
        accept(tracker, end(0, "a", FinishReason.FAILED), 0);

        assertThat(tracker.ended()).isFalse();
        assertThat(tracker.complete()).isFalse();
        assertThat(tracker.take(0).text()).isEqualTo("a");
    }

    @Test
    void nothingIsToldBeforeItIsWrittenDown() {
        tracker.accept(run(0, "ab"), 0);
        List<GenerationTracker.Pending> first = tracker.pending();
        tracker.accept(run(2, "c"), 0);
        assertThat(tracker.take(0).text()).isEmpty();
        assertThat(tracker.allAcks()).isEmpty();

        tracker.written(first);
        tracker.release(first);

        assertThat(tracker.take(0).text()).isEqualTo("ab");
        assertThat(tracker.allAcks()).containsExactly(new StreamAck(FIRST, 0, 2));
        assertThat(tracker.pending()).singleElement().satisfies(rest -> {
            assertThat(rest.log().from()).isEqualTo(2);
            assertThat(rest.log().tokens()).isEqualTo(TinyModel.tokens("c"));
        });
    }

    @Test
    void whatWasToldButNotWrittenIsWrittenWithTheNextAndToldOnce() {
        tracker.accept(run(0, "ab"), 0);
        tracker.release(tracker.pending());
        tracker.take(0);
        tracker.accept(end(2, "c", FinishReason.LENGTH), 0);

        List<GenerationTracker.Pending> all = tracker.pending();
        tracker.release(all);

        assertThat(all).singleElement().satisfies(one -> assertThat(one.log().tokens())
                .isEqualTo(TinyModel.tokens("abc")));
        assertThat(tracker.take(0).text()).isEqualTo("c");
        assertThat(tracker.ended()).isTrue();
    }

    @Test
    void whatWasInheritedIsNotToldAgainAndGoesAlongToTheNextReplica() {
        tracker.restore(
                List.of(new GenerationTracker.Pending(
                        0, new ChoiceLog(0, TinyModel.tokens("ab"), List.of(), Optional.empty()))),
                3);

        assertThat(tracker.begunChoices()).containsExactly(new Begun(TinyModel.tokens("ab"), false));
        assertThat(tracker.cachedTokens()).isEqualTo(3);
        accept(tracker, end(2, "c", FinishReason.LENGTH), 0);
        assertThat(tracker.take(0).text()).isEqualTo("c");
        assertThat(tracker.completionTokens()).isEqualTo(3);
    }

    @Test
    void scoresGoOutWithTheTextThatTheyBegin() {
        GenerationTracker stopping = tracker(List.of("STOP"), 1);
        accept(stopping, scored(0, TinyModel.tokens("aS")), 0);
        assertThat(names(stopping.take(0))).containsExactly((int) 'a');
        accept(stopping, scored(2, TinyModel.tokens("xSTOPy")), 0);

        Delta last = stopping.take(0);

        assertThat(last.text()).isEqualTo("Sx");
        assertThat(names(last)).containsExactly((int) 'S', (int) 'x');
        assertThat(last.finish()).contains(FinishReason.STOP);
    }

    @Test
    void theTokenThatEndsTheTextHasNoScoreButCounts() {
        TokenIds tokens = TinyModel.tokens("\u20ac").concat(TokenIds.of(TinyModel.END));
        TokenRun plain = scored(0, tokens);
        accept(tracker, new TokenRun(FIRST, 0, 0, tokens, plain.logprobs(), 0, Optional.of(FinishReason.STOP)), 0);

        Delta delta = tracker.take(0);

        assertThat(delta.text()).isEqualTo("\u20ac");
        assertThat(names(delta)).hasSize(3);
        assertThat(tracker.completionTokens()).isEqualTo(4);
    }

    @Test
    void anUnfinishedCharacterIsReplacedAtTheEndAndAnUnknownTokenIsNoText() {
        accept(tracker, run(0, TokenIds.of('a', 0xE2, 0x82)), 0);
        assertThat(tracker.take(0).text()).isEqualTo("a");
        accept(
                tracker,
                new TokenRun(FIRST, 0, 3, TokenIds.of(99_999), List.of(), 0, Optional.of(FinishReason.LENGTH)),
                0);

        assertThat(tracker.take(0).text()).isEqualTo("\ufffd");
    }

    /** What has come is written down and released at once. */
    private static Arrival accept(GenerationTracker tracker, TokenRun run, long now) {
        Arrival arrival = tracker.accept(run, now);
        tracker.release(tracker.pending());
        return arrival;
    }

    private static List<Integer> names(Delta delta) {
        return delta.scores().stream().map(ScoredToken::token).toList();
    }

    private static GenerationTracker tracker(List<String> stops, int choices) {
        ChoiceStream[] streams = new ChoiceStream[choices];
        Arrays.setAll(streams, i -> new ChoiceStream(TOKENIZER, StopStrings.of(stops), TokenIds.of(TinyModel.END)));
        return new GenerationTracker(FIRST, List.of(streams), 0);
    }

    private static TokenRun run(int from, String text) {
        return run(from, TinyModel.tokens(text));
    }

    private static TokenRun run(int from, TokenIds tokens) {
        return new TokenRun(FIRST, 0, from, tokens, List.of(), 0, Optional.empty());
    }

    private static TokenRun end(int from, String text, FinishReason reason) {
        return new TokenRun(FIRST, 0, from, TinyModel.tokens(text), List.of(), 0, Optional.of(reason));
    }

    private static TokenRun scored(int from, TokenIds tokens) {
        List<TokenLogprobs> scores = Arrays.stream(tokens.toArray())
                .mapToObj(token -> new TokenLogprobs(-1, List.of()))
                .toList();
        return new TokenRun(FIRST, 0, from, tokens, scores, 0, Optional.empty());
    }
}
