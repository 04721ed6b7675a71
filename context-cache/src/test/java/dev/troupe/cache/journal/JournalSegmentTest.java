package dev.troupe.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cache.hazelcast.JournalCodec;
import dev.troupe.cache.journal.JournalCommand.Append;
import dev.troupe.cache.journal.JournalCommand.Cancel;
import dev.troupe.cache.journal.JournalCommand.Close;
import dev.troupe.cache.journal.JournalCommand.Open;
import dev.troupe.cache.journal.JournalCommand.Owners;
import dev.troupe.cache.journal.JournalCommand.Prune;
import dev.troupe.cache.journal.JournalCommand.Read;
import dev.troupe.cache.journal.JournalCommand.TakeOver;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.wire.WireException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JournalSegmentTest {
    private final JournalSegment segment = new JournalSegment();

    JournalSegmentTest() {
        apply(new Open(Heads.of("s", "t"), "a", 1));
    }

    @Test
    void tokensAreKeptInOrderAndOnceHoweverOftenTheyCome() {
        append("a", Heads.addition("s", 1, 0, 5, 6));
        append("a", Heads.addition("s", 1, 0, 5, 6));
        append("a", Heads.addition("s", 1, 1, 6, 7));
        append("a", Heads.addition("s", 1, 9, 1));

        assertThat(read(0).tokens()).isEqualTo(TokenIds.of(5, 6, 7));
        assertThat(read(2).tokens()).isEqualTo(TokenIds.of(7));
        assertThat(read(2).from()).isEqualTo(2);
    }

    @Test
    void nothingFollowsTheEnd() {
        append("a", Heads.last("s", 1, 0, 5));
        append("a", Heads.addition("s", 1, 1, 6));

        assertThat(read(0).tokens()).isEqualTo(TokenIds.of(5));
        assertThat(read(0).finish()).contains(FinishReason.STOP);
        assertThat(stream().cachedTokens()).containsExactly(7);
    }

    @Test
    void openedTwiceItKeepsWhatIsThere() {
        append("a", Heads.addition("s", 1, 0, 5));
        apply(new Open(Heads.of("s", "t"), "a", 1));

        assertThat(read(0).tokens()).isEqualTo(TokenIds.of(5));
    }

    @Test
    void whoIsNotTheOwnerChangesNothingAndHearsOfIt() {
        append("a", Heads.addition("s", 1, 0, 5));
        List<JournaledStream> taken = apply(new TakeOver("a", "b")).streams();

        assertThat(taken).singleElement().satisfies(stream -> {
            assertThat(stream.owner()).isEqualTo("b");
            assertThat(stream.term()).isEqualTo(2);
            assertThat(stream.choices().get(0).tokens()).isEqualTo(TokenIds.of(5));
        });
        assertThat(append("a", Heads.addition("s", 1, 1, 9)).lost()).containsExactly("s");
        assertThat(append("b", Heads.addition("s", 1, 1, 9)).lost())
                .as("of an old term")
                .containsExactly("s");
        assertThat(apply(close("a", 1, List.of())).lost()).containsExactly("s");
        assertThat(append("b", Heads.addition("s", 2, 1, 6)).lost()).isEmpty();
        assertThat(read(0).tokens()).isEqualTo(TokenIds.of(5, 6));
    }

    @Test
    void takenOverTwiceItIsToldTwiceAndTakenOnce() {
        apply(new TakeOver("a", "b"));

        assertThat(apply(new TakeOver("a", "b")).streams())
                .singleElement()
                .satisfies(stream -> assertThat(stream.term()).isEqualTo(2));
        assertThat(apply(new TakeOver("a", "c")).streams()).as("b has it").isEmpty();
        assertThat(apply(new TakeOver("b", "c")).streams()).hasSize(1);
    }

    @Test
    void theEndBringsWhatMayNotBeHereYet() {
        apply(close("a", 1, List.of(Heads.last("s", 1, 0, 5, 6))));

        assertThat(read(0).tokens()).isEqualTo(TokenIds.of(5, 6));
        assertThat(stream().outcome()).contains(Outcome.DONE);
        assertThat(apply(close("a", 1, List.of())).lost())
                .as("the same once more")
                .isEmpty();
        assertThat(append("a", Heads.addition("s", 1, 2, 9)).lost()).containsExactly("s");
        assertThat(apply(new TakeOver("a", "b")).streams())
                .as("nothing is left to do")
                .isEmpty();
        assertThat(apply(new Owners()).owners()).isEmpty();
    }

    @Test
    void cancelEndsWhoeverWorksOnIt() {
        assertThat(apply(new Cancel("s", "t", 0)).streams()).hasSize(1);

        assertThat(stream().outcome()).contains(Outcome.CANCELLED);
        assertThat(append("a", Heads.addition("s", 1, 0, 9)).lost()).containsExactly("s");
    }

    @Test
    void anotherTenantReadsAndCancelsNothing() {
        assertThat(apply(new Read("s", "other", List.of())).streams()).isEmpty();
        assertThat(apply(new Cancel("s", "other", 0)).streams()).isEmpty();
        assertThat(stream().outcome()).isEmpty();
    }

    @Test
    void whatEndedIsForgottenAfterItsTimeAndWhatRunsIsNot() {
        apply(new Open(Heads.of("running", "t"), "a", 1));
        apply(close("a", 1, List.of()));

        apply(new Prune(1_999));
        assertThat(apply(new Read("s", "t", List.of())).streams()).hasSize(1);
        apply(new Prune(2_000));

        assertThat(apply(new Read("s", "t", List.of())).streams()).isEmpty();
        assertThat(apply(new Read("running", "t", List.of())).streams()).hasSize(1);
    }

    @Test
    void aCopyIsTheSame() {
        append("a", Heads.addition("s", 1, 0, 5, 6));
        apply(new TakeOver("a", "b"));
        apply(new Open(Heads.of("over", "t", 2), "c", 1));
        apply(new Cancel("over", "t", 5));

        JournalSegment copy = JournalCodec.decodeSegment(JournalCodec.encode(segment));

        assertThat(copy.save()).isEqualTo(segment.save());
        assertThat(copy.apply(new TakeOver("a", "b")).streams()).hasSize(1);
    }

    @Test
    void tornOrForeignBytesAreRefused() {
        byte[] bytes = JournalCodec.encode(segment);
        bytes[0]++;
        assertThatThrownBy(() -> JournalCodec.decodeSegment(bytes))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("same release");
        assertThatThrownBy(() -> JournalCodec.decodeCommand(new byte[0])).isInstanceOf(WireException.class);
    }

    @Test
    void namesTellTheirSegmentAndNothingElseDoes() {
        StreamIds ids = new StreamIds();
        String first = ids.next("chatcmpl");
        String second = ids.next("cmpl");

        assertThat(StreamIds.segmentOf(first)).isPresent().isEqualTo(StreamIds.segmentOf(second));
        assertThat(StreamIds.segmentOf("chatcmpl-1")).isEmpty();
        assertThat(StreamIds.segmentOf(first + "0")).isEmpty();
        assertThat(Set.of(first, second)).hasSize(2);
        String later = first;
        for (int i = 0; i < 64; i++) {
            later = ids.next("cmpl");
        }
        assertThat(StreamIds.segmentOf(later)).isNotEqualTo(StreamIds.segmentOf(first));
    }

    /** By way of bytes, as between two members. */
    private JournalReply apply(JournalCommand command) {
        JournalCommand arrived = JournalCodec.decodeCommand(JournalCodec.encode(command));
        assertThat(arrived).isEqualTo(command);
        JournalReply reply = segment.apply(arrived);
        assertThat(JournalCodec.decodeReply(JournalCodec.encode(reply))).isEqualTo(reply);
        return reply;
    }

    private JournalReply append(String owner, JournalCommand.Addition addition) {
        return apply(new Append(owner, List.of(addition)));
    }

    private static Close close(String owner, int term, List<JournalCommand.Addition> rest) {
        return new Close("s", owner, term, rest, Outcome.DONE, 1_000);
    }

    private JournaledStream stream() {
        return apply(new Read("s", "t", List.of())).streams().get(0);
    }

    private ChoiceLog read(int from) {
        return apply(new Read("s", "t", List.of(from)))
                .streams()
                .get(0)
                .choices()
                .get(0);
    }
}
