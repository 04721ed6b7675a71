package dev.troupe.bench.report;

import static dev.troupe.bench.report.Runs.BOUNDS;
import static dev.troupe.bench.report.Runs.exchange;
import static dev.troupe.bench.report.Runs.failed;
import static dev.troupe.bench.report.Runs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.bench.load.Exchange;
import dev.troupe.bench.load.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void ratesAreOverTheTimeOfAllRounds() {
        Summary summary = Summary.of(
                List.of(
                        run(2, exchange(0.1, 0.01), exchange(0.2, 0.01)),
                        run(3, exchange(0.3, 0.02), failed("full"), failed("full"))),
                BOUNDS);

        assertThat(summary.requests()).isEqualTo(5);
        assertThat(summary.done()).isEqualTo(3);
        assertThat(summary.errors()).containsExactly(Map.entry("full", 2L));
        assertThat(summary.tokensPerSecond()).isCloseTo(33 / 5.0, within(1e-9));
        assertThat(summary.promptTokensPerSecond()).isCloseTo(300 / 5.0, within(1e-9));
        assertThat(summary.requestsPerSecond()).isCloseTo(3 / 5.0, within(1e-9));
        assertThat(summary.tokensPerSecondByRound()).containsExactly(11.0, 11 / 3.0);
        assertThat(summary.firstToken().percentile(50)).isCloseTo(0.2, within(1e-9));
        assertThat(summary.gaps().count()).isEqualTo(30);
        assertThat(summary.clientMicrosPerToken()).isCloseTo(2000 / 33.0, within(1e-9));
        assertThat(summary.cachedTokensPerRequest()).isEqualTo(30);
    }

    @Test
    void goodIsWithinBothBounds() {
        Exchange oneToken = new Exchange(0.4, 0.4, 0.4, Samples.none(), 10, 0, 1, Optional.empty());

        Summary summary = Summary.of(
                List.of(run(
                        2, exchange(0.5, 0.049), exchange(0.51, 0.01), exchange(0.1, 0.051), failed("full"), oneToken)),
                BOUNDS);

        assertThat(summary.good()).isEqualTo(2);
        assertThat(summary.goodput()).isEqualTo(1);
    }

    @Test
    void nothingAnsweredHasNoTimes() {
        Summary summary = Summary.of(List.of(run(1, failed("full"))), BOUNDS);

        assertThat(summary.tokensPerSecond()).isZero();
        assertThat(summary.firstToken().percentile(50)).isNaN();
        assertThat(summary.clientMicrosPerToken()).isInfinite();
    }
}
