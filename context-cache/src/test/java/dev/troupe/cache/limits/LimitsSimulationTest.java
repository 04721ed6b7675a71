package dev.troupe.cache.limits;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever the wire and the routers do, in the end nobody holds a place, and what is missing was used. */
class LimitsSimulationTest {
    private static final Logger log = LoggerFactory.getLogger(LimitsSimulationTest.class);

    private static final int SIMULATIONS = Integer.getInteger("troupe.simulations", 100);
    private static final long FIRST_SEED = Long.getLong("troupe.seed", 1);

    @Test
    void inTheEndNoPlaceIsTakenAndNoTokenMissingThatWasNotUsed() {
        LimitsSimulation.Tally all = new LimitsSimulation.Tally();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SIMULATIONS; seed++) {
            try {
                all.add(new LimitsSimulation(seed).run());
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + " (replay: -Dtroupe.seed=" + seed + " -Dtroupe.simulations=1)", e);
            }
        }
        log.info("{} simulations: {}", SIMULATIONS, all);
    }
}
