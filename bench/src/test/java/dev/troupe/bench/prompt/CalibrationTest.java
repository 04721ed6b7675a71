package dev.troupe.bench.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void lengthIsFoundForATokenizerOfSeveralTokensAWord() {
        Calibration words = Calibration.measure(500, count -> (int) (35 + 2.5 * count));

        assertThat(35 + 2.5 * words.words(500)).isBetween(498.0, 502.0);
        assertThat(35 + 2.5 * words.words(200)).isBetween(198.0, 202.0);
    }

    @Test
    void neverAsksForMuchMoreThanTheWhole() {
        List<Integer> asked = new ArrayList<>();

        Calibration.measure(1000, count -> {
            asked.add(count);
            return 30 + 2 * count;
        });

        assertThat(asked).allMatch(count -> 30 + 2 * count <= 1030);
    }

    @Test
    void promptShorterThanTheTemplateIsOneWord() {
        assertThat(Calibration.measure(5, count -> 35 + count).words(5)).isEqualTo(1);
    }
}
