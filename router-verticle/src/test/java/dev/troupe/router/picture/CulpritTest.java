package dev.troupe.router.picture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CulpritTest {
    private final Culprit culprit = new Culprit(0, 0);

    @Test
    void thirdDeathAtTheSameStepIsThePictures() {
        assertThat(dies("a", 5)).isFalse();
        assertThat(culprit.mustBeAlone()).isFalse();
        assertThat(dies("b", 5)).isFalse();
        assertThat(culprit.mustBeAlone()).isTrue();
        assertThat(dies("c", 5)).isTrue();
    }

    @Test
    void whoGetsOnIsInnocentOfWhatWasBefore() {
        dies("a", 5);
        dies("b", 5);

        assertThat(dies("c", 6)).isFalse();
        assertThat(culprit.mustBeAlone()).isFalse();
    }

    @Test
    void whoDidNotComeAsFarDidNotDieOfThatStep() {
        dies("a", 5);
        dies("b", 5);

        assertThat(dies("c", 3)).isFalse();
    }

    @Test
    void whoOnlyWaitedThereIsNotNear() {
        dies("a", 0);
        dies("b", 0);
        culprit.waits();

        assertThat(culprit.died("c", true, 0)).isFalse();
    }

    @Test
    void deathOfAProcessThatWasLeftSilentCountsAndSilenceAloneDoesNot() {
        culprit.isMade();
        culprit.leavesSilent("a");
        culprit.isMade();
        culprit.leavesSilent("b");
        assertThat(culprit.mustBeAlone()).isFalse();

        culprit.died("a", false, 4);
        culprit.died("b", false, 4);
        culprit.died("another", false, 4);

        assertThat(culprit.mustBeAlone()).isTrue();
    }

    @Test
    void whatEarlierOwnersSawCounts() {
        Culprit adopted = new Culprit(2, 5);
        adopted.isMade();

        assertThat(adopted.mustBeAlone()).isTrue();
        assertThat(adopted.died("c", true, 5)).isTrue();
    }

    private boolean dies(String node, int done) {
        culprit.isMade();
        return culprit.died(node, true, done);
    }
}
