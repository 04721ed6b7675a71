package dev.troupe.batcher.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class SimulationTest {
    private static final Logger log = LoggerFactory.getLogger(SimulationTest.class);

    /** {@code -Dtroupe.sim.seed=N} runs that seed alone, {@code -Dtroupe.sim.seeds=N} as many from 0. */
    private static final long ONLY = Long.getLong("troupe.sim.seed", -1);

    private static final long SEEDS = Long.getLong("troupe.sim.seeds", 2_000);

    @Test
    void everyRequestEndsOnceWithItsOwnTokensWhateverIsLostLateOrDead() {
        Map<String, Long> happened = new TreeMap<>();
        for (long seed = Math.max(ONLY, 0); seed < (ONLY < 0 ? SEEDS : ONLY + 1); seed++) {
            Simulation simulation = new Simulation(seed);
            try {
                simulation.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
            simulation.tally().counts().forEach((what, times) -> happened.merge(what, times, Long::sum));
        }
        log.info("{} seeds went through {}", ONLY < 0 ? SEEDS : 1, happened);
        if (ONLY < 0) {
            assertThat(happened)
                    .containsKeys(
                            "tokens offered to the pool",
                            "tokens fetched from the pool",
                            "fetches unanswered",
                            "imports into the cache",
                            "imports refused",
                            "ResyncNeeded",
                            "StepFailed",
                            "OutOfMemory",
                            "Refused",
                            "cancelled",
                            "ended as late",
                            "refused as late",
                            "plans unanswered")
                    .allSatisfy((what, times) -> assertThat(times).as(what).isPositive());
        }
    }
}
