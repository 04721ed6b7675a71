package dev.troupe.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private static final Attempt ATTEMPT = new Attempt("r", 1);
    private static final StreamKey KEY = new StreamKey(ATTEMPT, 0);

    private final Outbox outbox = new Outbox();

    private void sent(int... tokens) {
        outbox.open(KEY, 0, 0, TokenIds.EMPTY);
        for (int i = 0; i < tokens.length; i++) {
            outbox.add(KEY, i, tokens[i], Optional.of(new TokenLogprobs(-i, List.of())));
        }
    }

    @Test
    void tokensStayUntilAcknowledged() {
        sent(10, 11, 12);
        assertThat(outbox.run(KEY, 0).orElseThrow().tokens()).isEqualTo(TokenIds.of(10, 11, 12));
        outbox.acknowledge(new StreamAck(ATTEMPT, 0, 2));
        var run = outbox.run(KEY, 0).orElseThrow();
        assertThat(run.firstIndex()).isEqualTo(2);
        assertThat(run.tokens()).isEqualTo(TokenIds.of(12));
        assertThat(run.logprobs()).containsExactly(new TokenLogprobs(-2, List.of()));
    }

    @Test
    void doubledLateAndForeignAcknowledgementsDoNoHarm() {
        sent(10, 11, 12);
        outbox.acknowledge(new StreamAck(ATTEMPT, 0, 2));
        outbox.acknowledge(new StreamAck(ATTEMPT, 0, 1));
        outbox.acknowledge(new StreamAck(ATTEMPT, 0, 2));
        outbox.acknowledge(new StreamAck(new Attempt("r", 2), 0, 3));
        outbox.acknowledge(new StreamAck(ATTEMPT, 1, 3));
        assertThat(outbox.run(KEY, 2).orElseThrow().tokens()).isEqualTo(TokenIds.of(12));
        outbox.acknowledge(new StreamAck(ATTEMPT, 0, 99));
        assertThat(outbox.run(KEY, 0)).isEmpty();
    }

    @Test
    void endIsToldAgainAfterAllTokensAreAcknowledged() {
        sent(10);
        outbox.finish(KEY, FinishReason.STOP, 0);
        outbox.acknowledge(new StreamAck(ATTEMPT, 0, 1));
        var run = outbox.run(KEY, 1).orElseThrow();
        assertThat(run.tokens().isEmpty()).isTrue();
        assertThat(run.finish()).contains(FinishReason.STOP);
    }

    @Test
    void nothingBeyondIsNothing() {
        sent(10);
        assertThat(outbox.run(KEY, 1)).isEmpty();
        assertThat(outbox.run(new StreamKey(ATTEMPT, 3), 0)).isEmpty();
    }

    @Test
    void sentTokenIsKnownAndNotReplaced() {
        sent(10, 11);
        outbox.open(KEY, 0, 1, TokenIds.EMPTY); // starts over from what the batcher knows
        assertThat(outbox.sent(KEY, 1)).hasValue(11);
        assertThat(outbox.sent(KEY, 2)).isEmpty();
        outbox.add(KEY, 1, 99, Optional.empty());
        assertThat(outbox.run(KEY, 1).orElseThrow().tokens()).isEqualTo(TokenIds.of(11));
    }

    @Test
    void endedStreamIsForgottenAfterAMinuteAndRunningOneNever() {
        sent(10);
        outbox.sweep(1_000_000);
        assertThat(outbox.size()).isEqualTo(1);
        outbox.finish(KEY, FinishReason.LENGTH, 5_000);
        outbox.sweep(64_999);
        assertThat(outbox.size()).isEqualTo(1);
        outbox.sweep(65_000);
        assertThat(outbox.size()).isZero();
    }

    @Test
    void streamWhoseSequenceComesBackIsKept() {
        sent(10);
        outbox.closeAll(0);
        outbox.open(KEY, 0, 1, TokenIds.EMPTY);
        outbox.sweep(1_000_000);
        assertThat(outbox.size()).isEqualTo(1);
    }

    @Test
    void tokensOfAnotherWorkerCanStillBeAskedFor() {
        outbox.open(KEY, 0, 0, TokenIds.of(10, 11));
        outbox.add(KEY, 2, 12, Optional.empty());
        assertThat(outbox.run(KEY, 1).orElseThrow().tokens()).isEqualTo(TokenIds.of(11, 12));
        assertThat(outbox.run(KEY, 1).orElseThrow().firstIndex()).isEqualTo(1);
    }
}
