package dev.troupe.bench.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.weights.Architecture;
import dev.troupe.models.weights.TinyModel;
import dev.troupe.models.weights.TinyTokenizer;
import dev.troupe.router.prompt.ServedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class PoolSimulationTest {
    private static final Logger log = LoggerFactory.getLogger(PoolSimulationTest.class);

    /** How many schedules; a longer run takes {@code -Dtroupe.simulations=100000}. */
    private static final int SIMULATIONS = Integer.getInteger("troupe.simulations", 1_000);

    /** A replay of one seed shows nothing of what is usual. */
    private static final int ENOUGH_TO_COUNT = 100;

    private static final long FIRST_SEED = Long.getLong("troupe.seed", 1);

    @Test
    void everyRequestEndsOnceWithTheRightTextWhateverTheWireAndTheProcessesDo(@TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("tiny.gguf");
        TinyModel.of(Architecture.LLAMA).write(file);
        ServedModel model = ServedModel.from(
                TextParts.read(file).card("tiny", "fingerprint", 600, TinyTokenizer.SIZE, Instant.EPOCH));
        int served = 0;
        long fetched = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SIMULATIONS; seed++) {
            try {
                PoolSimulation simulation = new PoolSimulation(seed, model);
                served += simulation.run();
                fetched += simulation.fetchedTokens();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + " (replay: -Dtroupe.seed=" + seed + " -Dtroupe.simulations=1)", e);
            }
        }
        log.info("{} simulations served {} requests and fetched {} tokens from the pool", SIMULATIONS, served, fetched);
        if (SIMULATIONS >= ENOUGH_TO_COUNT) {
            assertThat(served).as("requests served to their end").isGreaterThan(SIMULATIONS * 5);
            assertThat(fetched).as("tokens fetched from the pool").isGreaterThan(5L * SIMULATIONS);
        }
    }
}
