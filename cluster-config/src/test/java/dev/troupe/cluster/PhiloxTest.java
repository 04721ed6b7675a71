package dev.troupe.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhiloxTest {
    /** The known answers of Random123, file kat_vectors, lines philox4x32 10. */
    @Test
    void blocksEqualThePublishedOnes() {
        assertThat(Philox.block(new int[] {0, 0, 0, 0}, 0, 0))
                .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        assertThat(Philox.block(new int[] {-1, -1, -1, -1}, -1, -1))
                .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        assertThat(Philox.block(new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0))
                .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void numberDependsOnSeedChoiceAndIndexAlone() {
        double number = Philox.uniform(42, 1, 7);
        assertThat(Philox.uniform(42, 1, 7)).isEqualTo(number);
        assertThat(Philox.uniform(43, 1, 7)).isNotEqualTo(number);
        assertThat(Philox.uniform(42 + (1L << 32), 1, 7)).isNotEqualTo(number);
        assertThat(Philox.uniform(42, 2, 7)).isNotEqualTo(number);
        assertThat(Philox.uniform(42, 1, 8)).isNotEqualTo(number);
    }

    @Test
    void numbersFillTheUnitIntervalEvenly() {
        var counts = new int[10];
        for (int i = 0; i < 100_000; i++) {
            double number = Philox.uniform(-5, 0, i);
            assertThat(number).isGreaterThanOrEqualTo(0).isLessThan(1);
            counts[(int) (number * 10)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(9_600, 10_400);
        }
    }
}
