package dev.troupe.bench.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.router.RouterConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Short forms of the measurements: that they measure what they say, and that nothing breaks at such numbers. */
@Timeout(120)
class RouterLoadTest {
    private static final int STREAMS = 1_000;
    private static final int TOKENS = 5;
    private static final int PROMPT_WORDS = 30;

    @Test
    void aThousandStreamsAtOnceWaitTogetherAndAreServedOneAfterAnother() throws IOException {
        BatcherConfig config = BatcherConfig.defaults();
        assertThat(config.maxWaiting() + config.maxRunning()).isGreaterThan(STREAMS);
        try (BenchPool pool = new BenchPool(false, 1, RouterConfig.DEFAULT, config)) {
            pool.pauseWorker(true);
            long before = IdleStreams.heapAfterCollection();
            try (StreamingClients clients = new StreamingClients(pool.port(), STREAMS, STREAMS, PROMPT_WORDS, TOKENS)) {
                Await.until("all have an answer's head", () -> clients.begun() == STREAMS);
                assertThat(clients.trouble()).isEmpty();
                long each = (IdleStreams.heapAfterCollection() - before) / STREAMS;
                assertThat(each).as("bytes of heap of an open stream").isLessThan(100_000);
                assertThat(pool.tokens()).isZero();

                pool.pauseWorker(false);

                Await.until("each has had its answer", () -> clients.ended() >= STREAMS);
                assertThat(clients.trouble()).isEmpty();
                assertThat(pool.tokens()).isGreaterThanOrEqualTo((long) STREAMS * TOKENS);
            }
        }
    }

    /** In one process the loop is the router's own; apart, the router hears nothing for longer than it takes to give a replica up. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anEventLoopThatStandsStillForAWhileCostsNobodyHisRequest(boolean apart) throws IOException {
        int streams = 20;
        long stall = 5 * RouterConfig.DEFAULT.replicaSilence().toMillis() / 4;
        try (BenchPool pool = new BenchPool(apart, 1, RouterConfig.DEFAULT, BatcherConfig.defaults())) {
            for (int round = 0; round < 3; round++) { // which timer of the loop is late first differs
                pool.untilReady(); // after the last stall it had to be heard of again
                pool.stallBatcher(stall);
                try (StreamingClients clients =
                        new StreamingClients(pool.port(), streams, streams, PROMPT_WORDS, TOKENS)) {
                    Await.until("each has had its answer", () -> clients.ended() >= streams || hasTrouble(clients));
                    assertThat(clients.trouble()).isEmpty();
                }
            }
        }
    }

    private static boolean hasTrouble(StreamingClients clients) {
        return !clients.trouble().isEmpty();
    }
}
