package dev.troupe.bench.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.router.RouterConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short forms of the measurements: that they measure what they say, and that nothing breaks at such numbers. */
@Timeout(120)
class RouterLoadTest {
    private static final int STREAMS = 1_000;
    private static final int TOKENS = 5;

    @Test
    void aThousandStreamsWaitTogetherAndAreServedOneAfterAnother() throws IOException {
        BatcherConfig config = BatcherConfig.defaults();
        assertThat(config.maxWaiting() + config.maxRunning()).isGreaterThan(STREAMS);
        try (BenchPool pool = new BenchPool(false, 1, RouterConfig.DEFAULT, config)) {
            pool.pauseWorker(true);
            long before = IdleStreams.heapAfterCollection();
            try (StreamingClients clients = new StreamingClients(pool.port(), STREAMS, 30, TOKENS)) {
                Await.until("all have an answer's head", () -> clients.begun() == STREAMS);
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
}
