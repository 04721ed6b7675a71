package dev.troupe.router.replica;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ListeningTimeTest {
    private static final long START = -7_000;

    private final ListeningTime listening = new ListeningTime(400, START);

    @Test
    void timeInWhichWeListenCountsWhole() {
        assertThat(listening.at(START)).isZero();
        assertThat(listening.at(START + 200)).isEqualTo(200);
        assertThat(listening.at(START + 600)).isEqualTo(600);
    }

    @Test
    void aPauseOfOurOwnHardlyCounts() {
        listening.at(START + 200);

        assertThat(listening.at(START + 60_000)).isEqualTo(600);
        assertThat(listening.at(START + 60_100)).isEqualTo(700);
    }
}
