package dev.troupe.cache.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureType;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class PictureEntryTest {
    private static final Headway ON_ITS_WAY =
            new Headway("r1", 4, 20, 0, 0, Optional.of(new LatentCheckpoint(4, new float[] {1}, new float[] {2})));
    private final PictureJournal journal = new MemoryPictureJournal();

    @Test
    void onlyTheOwnerOfTheTermChangesAnything() {
        open("img_1", "a");

        assertThat(now(journal.advance("img_1", "b", 1, ON_ITS_WAY))).isEqualTo(Verdict.TAKEN);
        assertThat(now(journal.advance("img_1", "a", 2, ON_ITS_WAY))).isEqualTo(Verdict.TAKEN);
        assertThat(now(journal.close("img_1", "b", 1, Outcome.DONE))).isEqualTo(Verdict.TAKEN);
        assertThat(now(journal.advance("img_1", "a", 1, ON_ITS_WAY))).isEqualTo(Verdict.DONE);
        assertThat(read("img_1").headway()).isEqualTo(ON_ITS_WAY);
    }

    @Test
    void whoeverTakesOverGoesOnWithTheNextTermAndTheOldOwnerIsNotHeard() {
        open("img_1", "a");
        journal.advance("img_1", "a", 1, ON_ITS_WAY);

        assertThat(now(journal.takeOver("a", "b"))).singleElement().satisfies(taken -> {
            assertThat(taken.term()).isEqualTo(2);
            assertThat(taken.headway()).isEqualTo(ON_ITS_WAY);
        });
        assertThat(now(journal.takeOver("a", "b"))).as("told again").hasSize(1);
        assertThat(now(journal.takeOver("a", "c"))).as("shared").isEmpty();
        assertThat(read("img_1").term()).isEqualTo(2);
        assertThat(now(journal.seal("img_1", "a", 1))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void whatIsSealedIsNotCancelledAnyMore() {
        open("img_1", "a");
        journal.seal("img_1", "a", 1);

        assertThat(now(journal.cancel("img_1", "t"))).get().satisfies(order -> assertThat(order.outcome())
                .isEmpty());
        assertThat(now(journal.close("img_1", "a", 1, Outcome.DONE))).isEqualTo(Verdict.DONE);
    }

    @Test
    void whatIsCancelledIsNotSealedAnyMore() {
        open("img_1", "a");

        assertThat(now(journal.cancel("img_1", "t"))).get().satisfies(order -> assertThat(order.outcome())
                .contains(Outcome.CANCELLED));
        assertThat(now(journal.seal("img_1", "a", 1))).isEqualTo(Verdict.TAKEN);
        assertThat(now(journal.close("img_1", "a", 1, Outcome.DONE))).isEqualTo(Verdict.TAKEN);
    }

    @Test
    void anotherTenantNeitherSeesNorCancels() {
        open("img_1", "a");

        assertThat(now(journal.read("img_1", "other"))).isEmpty();
        assertThat(now(journal.cancel("img_1", "other"))).isEmpty();
        assertThat(read("img_1").outcome()).isEmpty();
    }

    @Test
    void endKeepsNeitherSourceNorCheckpoint() {
        open("img_1", "a");
        journal.advance("img_1", "a", 1, ON_ITS_WAY);
        assertThat(read("img_1").head().source()).isPresent();

        journal.close("img_1", "a", 1, Outcome.DONE);

        assertThat(read("img_1").head().source()).isEmpty();
        assertThat(read("img_1").headway().checkpoint()).isEmpty();
        assertThat(read("img_1").headway().done()).isEqualTo(4);
    }

    @Test
    void whatNeverBeganIsForgotten() {
        open("img_1", "a");

        assertThat(now(journal.withdraw("img_1", "b", 1))).isEqualTo(Verdict.TAKEN);
        assertThat(now(journal.withdraw("img_1", "a", 1))).isEqualTo(Verdict.DONE);
        assertThat(now(journal.withdraw("img_1", "a", 1))).isEqualTo(Verdict.MISSING);
        assertThat(now(journal.read("img_1", "t"))).isEmpty();
    }

    private void open(String id, String owner) {
        var source = new PictureSource(new EncodedPicture(PictureType.PNG, new byte[] {1}), Optional.empty(), 0.5);
        var head = new PictureHead(id, "t", Bytes.of(new byte[] {7}), Optional.of(source));
        assertThat(now(journal.open(head, owner, 1, Headway.NONE))).isEqualTo(Verdict.DONE);
    }

    private JournaledPicture read(String id) {
        return now(journal.read(id, "t")).orElseThrow();
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
