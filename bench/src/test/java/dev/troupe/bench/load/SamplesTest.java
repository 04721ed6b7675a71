package dev.troupe.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void percentileLiesBetweenTheTwoNearest() {
        Samples samples = Samples.of(40, 10, 30, 20);

        assertThat(samples.percentile(0)).isEqualTo(10);
        assertThat(samples.percentile(50)).isEqualTo(25);
        assertThat(samples.percentile(90)).isCloseTo(37, within(1e-9));
        assertThat(samples.percentile(100)).isEqualTo(40);
        assertThat(samples.mean()).isEqualTo(25);
    }

    @Test
    void oneValueIsEveryPercentile() {
        assertThat(Samples.of(7).percentile(1)).isEqualTo(7);
        assertThat(Samples.of(7).percentile(99)).isEqualTo(7);
    }

    @Test
    void nothingMeasuredIsNotANumber() {
        assertThat(Samples.none().percentile(50)).isNaN();
        assertThat(Samples.none().mean()).isNaN();
    }

    @Test
    void mergedAreSortedTogether() {
        Samples merged = Samples.merged(List.of(Samples.of(1, 5), Samples.of(3), Samples.none()));

        assertThat(merged.count()).isEqualTo(3);
        assertThat(merged.percentile(50)).isEqualTo(3);
    }

    @Test
    void percentBeyondHundredIsRefused() {
        assertThatThrownBy(() -> Samples.of(1).percentile(100.1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Samples.of(1).percentile(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
