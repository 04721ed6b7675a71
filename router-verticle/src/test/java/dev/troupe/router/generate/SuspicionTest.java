package dev.troupe.router.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.router.replica.ReplicaKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SuspicionTest {
    private static final ReplicaKey SILENT = new ReplicaKey("silent", 1);

    private final Suspicion suspicion = new Suspicion(0);

    @BeforeEach
    void itIsComputed() {
        suspicion.isComputed();
    }

    @Test
    void afterTwoDeathsItRunsAloneAndAfterTheThirdItIsGuilty() {
        assertThat(suspicion.died()).isFalse();
        assertThat(suspicion.mustRunAlone()).isFalse();
        assertThat(suspicion.died()).isFalse();
        assertThat(suspicion.mustRunAlone()).isTrue();

        assertThat(suspicion.died()).isTrue();
    }

    @Test
    void whoGetsOnAloneIsCleared() {
        suspicion.died();
        suspicion.died();
        suspicion.gotOn(4);

        assertThat(suspicion.mustRunAlone()).isFalse();
        assertThat(suspicion.died()).isFalse();
        assertThat(suspicion.mustRunAlone()).isFalse();
    }

    @Test
    void aTokenAloneDoesNotClearIt() {
        suspicion.died();
        suspicion.died();
        suspicion.gotOn(1);

        assertThat(suspicion.died()).isTrue();
    }

    @Test
    void whoGetsOnBetweenDeathsIsNoSuspect() {
        for (int i = 0; i < 10; i++) {
            assertThat(suspicion.died()).isFalse();
            assertThat(suspicion.mustRunAlone()).isFalse();
            suspicion.gotOn(4);
        }
    }

    @Test
    void aFewTokensBetweenDeathsDoNotSpeakForIt() {
        suspicion.died();
        suspicion.gotOn(3);
        suspicion.died();

        assertThat(suspicion.mustRunAlone()).isTrue();
    }

    @Test
    void whoOnlyWaitedIsNotNearADeath() {
        for (int i = 0; i < 10; i++) {
            suspicion.waits();
            assertThat(suspicion.diedHere()).isFalse();
        }
        assertThat(suspicion.mustRunAlone()).isFalse();
        suspicion.isComputed();
        suspicion.diedHere();
        suspicion.isComputed();
        suspicion.diedHere();
        assertThat(suspicion.mustRunAlone()).isTrue();
    }

    @Test
    void aReplicaThatWasLeftSilentCountsWhenItsProcessIsGone() {
        suspicion.leavesSilent(SILENT, "its node");

        assertThat(suspicion.diedAfter("another node")).isFalse();
        assertThat(suspicion.diedAfter("its node")).isTrue();
        assertThat(suspicion.diedAfter("its node")).as("once").isFalse();
    }

    @Test
    void aReplicaThatWasLeftSilentAndHeardOfAgainDoesNotCount() {
        suspicion.leavesSilent(SILENT, "its node");
        suspicion.isWell(SILENT);

        assertThat(suspicion.diedAfter("its node")).isFalse();
    }

    @Test
    void aSilentReplicaWhereItOnlyWaitedDoesNotCount() {
        suspicion.waits();
        suspicion.leavesSilent(SILENT, "its node");

        assertThat(suspicion.diedAfter(SILENT)).isFalse();
    }
}
