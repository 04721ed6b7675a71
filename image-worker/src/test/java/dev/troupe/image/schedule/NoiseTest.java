package dev.troupe.image.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NoiseTest {
    private static double correlation(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum / one.length;
    }

    @Test
    void noiseIsNormallyDistributed() {
        float[] noise = Noise.unit(7, Noise.INITIAL, 200_000);
        double mean = 0;
        double square = 0;
        int beyondTwo = 0;
        for (float value : noise) {
            mean += value / noise.length;
            square += (double) value * value / noise.length;
            beyondTwo += Math.abs(value) > 2 ? 1 : 0;
        }
        assertThat(mean).isCloseTo(0, within(0.01));
        assertThat(square).isCloseTo(1, within(0.015));
        assertThat(beyondTwo / (double) noise.length).isCloseTo(0.0455, within(0.002));
    }

    @Test
    void sameSeedAndDrawGiveTheSameNoiseWhateverTheSize() {
        float[] noise = Noise.unit(42, 3, 1001);
        assertThat(Noise.unit(42, 3, 1001)).isEqualTo(noise);
        assertThat(Noise.unit(42, 3, 77)).isEqualTo(Arrays.copyOf(noise, 77));
    }

    @Test
    void otherSeedOrDrawGivesUnrelatedNoise() {
        float[] noise = Noise.unit(42, 3, 50_000);
        for (float[] other : new float[][] {
            Noise.unit(43, 3, 50_000),
            Noise.unit(42 + (1L << 32), 3, 50_000),
            Noise.unit(42, 4, 50_000),
            Noise.unit(42, Noise.INITIAL, 50_000)
        }) {
            assertThat(correlation(noise, other)).isCloseTo(0, within(0.02));
        }
    }
}
