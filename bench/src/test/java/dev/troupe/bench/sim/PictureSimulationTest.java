package dev.troupe.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class PictureSimulationTest {
    private static final Logger log = LoggerFactory.getLogger(PictureSimulationTest.class);

    /** How many schedules; a longer run takes {@code -Dtroupe.simulations=100000}. */
    private static final int SIMULATIONS = Integer.getInteger("troupe.simulations", 1_000);

    /** A replay of one seed shows nothing of what is usual. */
    private static final int ENOUGH_TO_COUNT = 100;

    private static final long FIRST_SEED = Long.getLong("troupe.seed", 1);

    @Test
    void everyPictureEndsOnceAsItsSeedSaysWhateverTheWireAndTheProcessesDo() {
        int made = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SIMULATIONS; seed++) {
            try {
                made += new PictureSimulation(seed).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + " (replay: -Dtroupe.seed=" + seed + " -Dtroupe.simulations=1)", e);
            }
        }
        log.info("{} simulations made {} pictures", SIMULATIONS, made);
        if (SIMULATIONS >= ENOUGH_TO_COUNT) {
            assertThat(made).as("pictures made").isGreaterThan(SIMULATIONS * 5);
        }
    }
}
