package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GenerateRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a router does that has lost sight of most of its pool. */
@Timeout(60)
class RouterMajorityTest {
    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        pool = new RouterFixture(16600);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @BeforeEach
    void whole() {
        pool.ready();
        pool.replica.cancelsAreForgotten();
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
    }

    @AfterEach
    void wholeAgain() {
        pool.router.majority(true);
        RouterFixture.until("no generation is left", () -> pool.liveGenerations() == 0);
    }

    @Test
    void newRequestsAreRefusedAtOnceAndReadinessSaysWhyUntilTheMajorityIsBack() {
        pool.router.majority(false);

        assertRefused(pool.chat(""));
        HttpResponse<String> ready = pool.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("\"no_majority\"");
        assertThat(pool.get("/health/live").statusCode()).isEqualTo(200);

        pool.router.majority(true);
        pool.ready();
    }

    @Test
    void aRunningStreamBreaksOffWithoutAnEndAndItsReplicaIsToldToStop() throws Exception {
        try (Sse client = Sse.chat(pool, ",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            pool.replica.send(request, 0, 0, TinyModel.tokens("half of it"), Optional.empty());
            assertThat(client.next("data: ")).contains("\"role\"");
            assertThat(client.next("data: ")).contains("half of it");

            pool.router.majority(false);

            // Neither an event, nor the empty chunk with which HTTP ends an answer.
            assertThat(client.rest()).containsOnly("");
            assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(new Attempt(request.requestId(), 1));
        }
    }

    @Test
    void aWholeAnswerUnderWayEndsWithTheRefusal() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> pool.chat(""));
        FakeReplica.take(pool.replica.requests);

        pool.router.majority(false);

        assertRefused(answer.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aReplicaWithoutTheMajorityIsPassedOverAndThenTheUserIsTold() {
        pool.replica.onGenerate(
                request -> new Refused(request.attempt(), ErrorCode.NO_MAJORITY, "this replica is cut off", 2_000));

        assertRefused(pool.chat(""));
    }

    private static void assertRefused(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("\"code\":\"no_majority\"");
        assertThat(response.headers().firstValueAsLong("retry-after")).isPresent();
    }
}
