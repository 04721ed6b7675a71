package dev.troupe.router.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuspicionTest {
    private final Suspicion suspicion = new Suspicion(0);

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
}
