package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {
    private final Pace pace = new Pace();

    @Test
    void beforeAnythingIsMeasuredNobodyWaits() {
        pace.started(true, 1_000);

        assertThat(pace.waitMillis(1_000)).isZero();
    }

    @Test
    void whoComesAfterTenWaitsTenTimesAsLong() {
        for (int i = 0; i < 50; i++) {
            pace.started(true, 100L * i);
        }

        assertThat(pace.waitMillis(10)).isCloseTo(1_000, within(10L));
    }

    @Test
    void aBatchThatStartsAllAtOnceCountsAsMuchAsTheTimeBeforeIt() {
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < 64; j++) {
                pace.started(true, 5_000L * i);
            }
        }

        // Right after a batch; before it the time since the last one is not known yet.
        assertThat(pace.waitMillis(64)).isCloseTo(5_000, within(500L));
    }

    @Test
    void timeInWhichNobodyWaitsIsNotMeasured() {
        pace.started(true, 0);
        pace.started(false, 100);
        pace.started(true, 60_000);
        pace.started(true, 60_100);

        assertThat(pace.waitMillis(1)).isCloseTo(100, within(1L));
    }

    @Test
    void thoseWhoGoWithoutHavingRunEndTheMeasurement() {
        pace.started(true, 0);
        pace.started(true, 100);
        pace.nobodyWaits();
        pace.started(true, 600_000);

        assertThat(pace.waitMillis(1)).isEqualTo(100);
    }

    @Test
    void whatIsLongAgoCountsLittle() {
        for (int i = 0; i < 100; i++) {
            pace.started(true, 10L * i);
        }
        for (int i = 1; i <= 200; i++) {
            pace.started(true, 1_000 + 1_000L * i);
        }

        assertThat(pace.waitMillis(1)).isCloseTo(1_000, within(60L));
    }
}
