package dev.troupe.cache.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FetchEstimateTest {
    private final FetchEstimate estimate = new FetchEstimate();

    private void measure(double computeMillisAToken, double fetchMillis, double fetchMillisAToken) {
        for (int i = 0; i < 50; i++) {
            estimate.computed(100, 100 * computeMillisAToken);
            estimate.fetched(0, fetchMillis);
            estimate.fetched(100, fetchMillis + 100 * fetchMillisAToken);
        }
    }

    private long yes(int tokens, int times) {
        return IntStream.range(0, times)
                .filter(i -> estimate.isWorthFetching(tokens))
                .count();
    }

    @Test
    void beforeAnythingIsMeasuredFetchingIsTried() {
        assertThat(estimate.isWorthFetching(64)).isTrue();
    }

    @Test
    void theFasterOneWinsByItsOwnMeasurement() {
        measure(0.5, 3, 0.1);
        assertThat(estimate.fetchMillis(100)).isBetween(12.9, 13.1);
        assertThat(estimate.computeMillis(100)).isBetween(49.9, 50.1);
        assertThat(yes(64, 100)).isEqualTo(100);

        measure(0.05, 3, 0.1);
        assertThat(yes(64, 160)).isEqualTo(10);
    }

    @Test
    void fixedCostMakesShortPrefixesNotWorthIt() {
        measure(0.2, 30, 0.01);

        assertThat(yes(64, 10)).isZero();
        assertThat(yes(1024, 10)).isEqualTo(10);
    }

    @Test
    void whenFetchingWasSlowItStillTriesNowAndThenAndRecovers() {
        estimate.computed(100, 50);
        for (int i = 0; i < 30; i++) {
            estimate.fetched(64, 5_000);
        }
        assertThat(yes(64, 15)).isZero();
        assertThat(yes(64, 1)).as("the sixteenth").isEqualTo(1);

        for (int i = 0; i < 30; i++) {
            estimate.fetched(64, 5);
        }
        assertThat(yes(64, 10)).isEqualTo(10);
    }
}
