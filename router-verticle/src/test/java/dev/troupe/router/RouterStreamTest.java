package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Admission.Refused;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.Heartbeat.State;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.tenant.Priority;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams over a bus that loses, doubles and delays, with replicas that die and clients that go. */
@Timeout(60)
class RouterStreamTest {
    private static final Optional<FinishReason> GOES_ON = Optional.empty();
    private static final Optional<FinishReason> STOPS = Optional.of(FinishReason.STOP);

    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        pool = new RouterFixture(16200);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @BeforeEach
    void oneReplica() {
        pool.beats(true, false);
        pool.ready();
        pool.replica.cancelsAreForgotten();
        pool.second.cancelsAreForgotten();
        pool.replica.probesAnswer(StreamState.Status.ALIVE);
        pool.replica.onGenerate(request -> {
            pool.replica.say(request, "Hello");
            return new Admitted(request.attempt());
        });
    }

    @AfterEach
    void nothingIsLeft() {
        RouterFixture.until("no generation is left", () -> pool.liveGenerations() == 0);
        assertThat(pool.get("/metrics").body()).contains("troupe_router_open_requests 0.0");
    }

    @Test
    void eachMessageIsFlushedWithoutSplitCharacters() throws Exception {
        try (Sse client = admitted(",\"stream\":true,\"stream_options\":{\"include_usage\":true}")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            assertThat(client.head).contains("200 OK", "text/event-stream");
            assertThat(client.next("data: ")).contains("\"role\":\"assistant\"", "\"usage\":null");

            pool.replica.send(request, 0, 0, TokenIds.of('a', 0xE2), GOES_ON);
            assertThat(client.next("data: ")).contains("{\"content\":\"a\"}");
            pool.replica.send(request, 0, 2, TokenIds.of(0x82, 0xAC), GOES_ON);
            assertThat(client.next("data: ")).contains("{\"content\":\"\u20ac\"}");
            pool.replica.send(request, 0, 4, TokenIds.of(TinyModel.END), STOPS);

            assertThat(client.next("data: ")).contains("\"delta\":{}", "\"finish_reason\":\"stop\"");
            assertThat(client.next("data: "))
                    .contains("\"choices\":[]", "\"completion_tokens\":5", "\"cached_tokens\":3");
            assertThat(client.next("data: ")).isEqualTo("data: [DONE]");
        }
    }

    @Test
    void lostDoubledAndLateTokensGiveTheSameText() throws Exception {
        try (Sse client = admitted(",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            TokenIds all = TinyModel.tokens("The quick brown fox").concat(TokenIds.of(TinyModel.END));
            pool.replica.keep(request, all, STOPS);
            pool.replica.send(request, 0, 0, all.slice(0, 4), GOES_ON);
            pool.replica.send(request, 0, 0, all.slice(0, 4), GOES_ON);
            pool.replica.send(request, 0, 8, all.slice(8, 10), GOES_ON); // 4 to 8 are lost
            assertThat(FakeReplica.take(pool.replica.resends).from()).isEqualTo(4);
            pool.replica.send(request, 0, 2, all.slice(2, 6), GOES_ON);

            assertThat(Sse.text(client.events(), 0)).isEqualTo("The quick brown fox");
        }
    }

    @Test
    void aLostLastMessageIsFoundByProbing() throws Exception {
        pool.replica.probesAnswer(StreamState.Status.ENDED);
        try (Sse client = admitted(",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            pool.replica.keep(request, TinyModel.tokens("all of it"), Optional.of(FinishReason.LENGTH));
            pool.replica.send(request, 0, 0, TinyModel.tokens("all "), GOES_ON);

            List<JsonNode> events = client.events();

            assertThat(Sse.text(events, 0)).isEqualTo("all of it");
            assertThat(events.get(events.size() - 1)
                            .at("/choices/0/finish_reason")
                            .asText())
                    .isEqualTo("length");
        }
    }

    @Test
    void aStopStringIsCutAndTheRestCancelled() throws Exception {
        try (Sse client = admitted(",\"stream\":true,\"stop\":[\"END\"]")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            pool.replica.send(request, 0, 0, TinyModel.tokens("one E"), GOES_ON);
            pool.replica.send(request, 0, 5, TinyModel.tokens("N two EN"), GOES_ON);
            pool.replica.send(request, 0, 13, TinyModel.tokens("D three"), GOES_ON);

            List<JsonNode> events = client.events();

            assertThat(Sse.text(events, 0)).isEqualTo("one EN two ");
            assertThat(events.toString()).doesNotContain("END");
            assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(request.attempt());
        }
    }

    @Test
    void aClientThatGoesIsCancelled() throws Exception {
        try (Sse client = admitted(",\"stream\":true")) {
            FakeReplica.take(pool.replica.requests);
            client.next("data: ");
        }
        FakeReplica.take(pool.replica.cancels);

        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        GenerateRequest waiting;
        try (Sse client = unread("")) {
            waiting = FakeReplica.take(pool.replica.requests);
            assertThat(client.head).as("nothing is answered yet").isEmpty();
        }
        assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(waiting.attempt());
    }

    @Test
    void aSilentStreamIsKeptAliveAndProbed() throws Exception {
        try (Sse client = admitted(",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            assertThat(client.next(":")).isEqualTo(": keep-alive");
            assertThat(client.next(":")).isEqualTo(": keep-alive");
            pool.replica.send(request, 0, 0, TinyModel.tokens("late"), GOES_ON);
            // The acknowledgement that follows a probe: one token is below the threshold of an ordinary one.
            StreamAck ack = FakeReplica.take(pool.replica.acks);
            while (ack.received() == 0) {
                ack = FakeReplica.take(pool.replica.acks);
            }
            assertThat(ack.received()).isEqualTo(4);
            pool.replica.send(request, 0, 4, TokenIds.of(TinyModel.END), STOPS);

            assertThat(Sse.text(client.events(), 0)).isEqualTo("late");
        }
    }

    @Test
    void aClientThatDoesNotReadGetsNoCreditUntilItDoes() throws Exception {
        try (Sse client = admitted(",\"stream\":true,\"logprobs\":true,\"top_logprobs\":1")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            // Some 130 bytes a token: the buffers of the two sockets take a few megabytes, then the queue is full.
            int sent = 0;
            for (; sent < 100_000; sent += 500) {
                pool.replica.send(request, 0, sent, TinyModel.tokens("x".repeat(500)), GOES_ON);
                // A worker would wait for its window; without any pause all would be one event.
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(lastAck(0)).isLessThan(sent / 2);
            pool.replica.send(request, 0, sent, TokenIds.of(TinyModel.END), STOPS);

            assertThat(Sse.text(client.events(), 0)).hasSize(sent);
            assertThat(lastAck(sent + 1)).isEqualTo(sent + 1);
        }
    }

    @Test
    void aClientThatTakesNothingForTooLongIsLetGoAndNothingMoreIsMadeForIt() throws Exception {
        try (Sse client = admitted(",\"stream\":true,\"logprobs\":true,\"top_logprobs\":1")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            for (int sent = 0; sent < 100_000; sent += 500) {
                pool.replica.send(request, 0, sent, TinyModel.tokens("x".repeat(500)), GOES_ON);
                TimeUnit.MILLISECONDS.sleep(10);
            }

            assertThat(pool.replica.cancels.poll(3 * RouterFixture.STALL.toSeconds(), TimeUnit.SECONDS))
                    .as("the replica is told to stop")
                    .isNotNull();
            assertThat(saysThatItIsDone(client)).as("broken off, not ended").isFalse();
        }
    }

    private static boolean saysThatItIsDone(Sse client) {
        try {
            return client.rest().stream().anyMatch(line -> line.contains("[DONE]"));
        } catch (UncheckedIOException reset) {
            return false;
        }
    }

    /** @return the highest acknowledgement, when {@code enough} is reached or none has been higher for two seconds */
    private static int lastAck(int enough) throws InterruptedException {
        int most = 0;
        long risen = System.nanoTime();
        while (System.nanoTime() - risen < 2_000_000_000L && (enough == 0 || most < enough)) {
            StreamAck ack = pool.replica.acks.poll(100, TimeUnit.MILLISECONDS);
            if (ack != null && ack.received() > most) {
                most = ack.received();
                risen = System.nanoTime();
            }
        }
        return most;
    }

    @Test
    void aStreamGoesOnAtAnotherReplicaFromWhereItWas() throws Exception {
        pool.beats(true, true);
        settle();
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        pool.second.onGenerate(request -> {
            pool.second.send(request, 0, 4, TinyModel.tokens("way").concat(TokenIds.of(TinyModel.END)), STOPS);
            return new Admitted(request.attempt());
        });
        try (Sse client = Sse.chat(pool, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}")) {
            GenerateRequest first = FakeReplica.take(pool.replica.requests);
            pool.replica.send(first, 0, 0, TinyModel.tokens("half"), GOES_ON);
            assertThat(client.next("data: {")).contains("assistant");
            pool.replica.probesAnswer(StreamState.Status.UNKNOWN);

            GenerateRequest second = FakeReplica.take(pool.second.requests);
            List<JsonNode> events = client.events();

            assertThat(second.epoch()).isEqualTo(2);
            assertThat(second.begun(0)).isEqualTo(new GenerateRequest.Begun(TinyModel.tokens("half"), false));
            assertThat(second.alone()).isFalse();
            assertThat(Sse.text(events, 0)).isEqualTo("halfway");
            assertThat(events.get(events.size() - 1)
                            .at("/usage/completion_tokens")
                            .asInt())
                    .isEqualTo(8);
        }
    }

    @Test
    void withoutAReplicaAStreamIsKeptAliveAndEndsAtTheDeadlineWithAnError() throws Exception {
        try (Sse client = admitted(",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            pool.replica.send(request, 0, 0, TinyModel.tokens("half"), GOES_ON);
            assertThat(client.next("data: {")).contains("assistant");
            pool.replica.onGenerate(RouterStreamTest::full);
            pool.replica.probesAnswer(StreamState.Status.UNKNOWN);
            pool.beats(false, false);

            assertThat(client.next(":")).isEqualTo(": keep-alive");
            assertThat(client.next(":")).isEqualTo(": keep-alive");
            List<JsonNode> events = client.events();

            JsonNode last = events.get(events.size() - 1);
            assertThat(last.at("/error/code").asText()).isEqualTo("no_replica_left");
            assertThat(last.at("/error/message").asText()).contains("4 s");
            RouterFixture.until("nothing is left", () -> pool.liveGenerations() == 0);
        }
    }

    @Test
    void aReplicaThatMustBeLeftIsLeftWhenThereIsAnother() throws Exception {
        pool.beats(true, true);
        settle();
        pool.second.onGenerate(RouterStreamTest::full);
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        try (Sse client = Sse.chat(pool, ",\"stream\":true")) {
            GenerateRequest first = FakeReplica.take(pool.replica.requests);
            pool.replica.send(first, 0, 0, TinyModel.tokens("half"), GOES_ON);
            assertThat(client.next("data: {")).contains("assistant");
            pool.second.onGenerate(request -> {
                pool.second.send(
                        request,
                        0,
                        request.begun(0).tokens().size(),
                        TinyModel.tokens("!").concat(TokenIds.of(TinyModel.END)),
                        STOPS);
                return new Admitted(request.attempt());
            });
            pool.beats(false, true);

            pool.replica.beat(State.EVACUATING);

            assertThat(Sse.text(client.events(), 0)).isEqualTo("half!");
            assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(first.attempt());
        }
    }

    @Test
    void aRequestThatHasNoTokenYetMovesToAnotherReplica() throws Exception {
        pool.beats(true, true);
        settle();
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        pool.second.onGenerate(request -> {
            pool.second.say(request, "moved");
            return new Admitted(request.attempt());
        });
        try (Sse client = unread("")) {
            GenerateRequest first = FakeReplica.take(pool.replica.requests);
            pool.replica.probesAnswer(StreamState.Status.UNKNOWN);

            GenerateRequest second = FakeReplica.take(pool.second.requests);

            assertThat(second.attempt()).isEqualTo(new Attempt(first.requestId(), 2));
            assertThat(second.prompt()).isEqualTo(first.prompt());
            assertThat(client.next("{")).contains("\"content\":\"moved\"");
        }
    }

    @Test
    void aFullReplicaIsPassedOverOnceAndThenTheUserIsTold() throws Exception {
        pool.beats(true, true);
        settle();
        pool.replica.onGenerate(request -> full(request));
        pool.second.onGenerate(request -> {
            pool.second.say(request, "there is room");
            return new Admitted(request.attempt());
        });
        assertThat(pool.chat("").body()).contains("there is room");

        pool.second.onGenerate(request -> full(request));
        HttpResponse<String> refused = pool.chat(",\"stream\":true");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).contains("3");
        assertThat(refused.body()).contains("\"code\":\"rate_limit_exceeded\"", "the queue is full");
    }

    @Test
    void aReplicaThatDrainsOrDiesLeavesAnHonest503() throws Exception {
        pool.beats(false, false);
        RouterFixture.until("draining", () -> {
            pool.replica.beat(State.DRAINING);
            return pool.get("/health/ready").body().contains("no replica admits requests");
        });
        HttpResponse<String> refused = pool.chat("");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(refused.body()).contains("no_replica");
        assertThat(refused.statusCode()).isEqualTo(503);
        RouterFixture.until("silent", () -> pool.get("/health/ready").body().contains("no replica is known"));
        assertThat(pool.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aLostAdmissionIsAskedForAgainWithTheSameEpoch() throws Exception {
        boolean[] lost = {false};
        pool.replica.onGenerate(request -> {
            if (!lost[0]) {
                lost[0] = true;
                throw new IllegalStateException("the answer is lost");
            }
            pool.replica.say(request, "again");
            return new Admitted(request.attempt());
        });

        assertThat(pool.chat("").body()).contains("\"content\":\"again\"");
        assertThat(FakeReplica.take(pool.replica.requests)).isEqualTo(FakeReplica.take(pool.replica.requests));
    }

    @Test
    void aFailureInTheModelIsAnErrorOfOurs() {
        pool.replica.onGenerate(request -> {
            pool.replica.send(request, 0, 0, TokenIds.EMPTY, Optional.of(FinishReason.FAILED));
            return new Admitted(request.attempt());
        });

        HttpResponse<String> response = pool.chat("");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("generation_failed", "\"type\":\"server_error\"");
    }

    @Test
    void aLackOfMemoryIsAnErrorOfCapacityWithATimeToComeBack() {
        pool.replica.onGenerate(request -> {
            pool.replica.send(request, 0, 0, TokenIds.EMPTY, Optional.of(FinishReason.OUT_OF_MEMORY));
            return new Admitted(request.attempt());
        });

        HttpResponse<String> response = pool.chat("");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("10");
        assertThat(response.body()).contains("\"code\":\"out_of_memory\"");
    }

    @Test
    void whatIsTooLateIsAnErrorOfCapacityWithATimeToComeBack() {
        pool.replica.onGenerate(request -> {
            pool.replica.send(request, 0, 0, TokenIds.EMPTY, Optional.of(FinishReason.LATE));
            return new Admitted(request.attempt());
        });

        HttpResponse<String> response = pool.chat("");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.body()).contains("\"code\":\"deadline_unreachable\"");
    }

    @Test
    void whoWouldBeRefusedEverywhereIsTurnedAwayBeforeAnythingIsDone() throws Exception {
        pool.chat("");
        pool.replica.cancelsAreForgotten();
        pool.replica.isFullFor(List.of(new Heartbeat.Full("local", Priority.STANDARD, 7_000)));

        RouterFixture.until("the router has heard of it", () -> pool.chat("").statusCode() == 429);
        pool.replica.cancelsAreForgotten();
        HttpResponse<String> refused = pool.chat("");

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("7");
        assertThat(pool.replica.requests).isEmpty();
        pool.replica.isFullFor(List.of());
        RouterFixture.until("there is room again", () -> pool.chat("").statusCode() == 200);
    }

    @Test
    void tokensOfAnAttemptThatNobodyHearsAreToldToStop() throws Exception {
        pool.replica.onGenerate(request -> {
            pool.replica.say(request, "x");
            return new Admitted(request.attempt());
        });
        pool.chat("");
        GenerateRequest old = FakeReplica.take(pool.replica.requests);
        pool.replica.cancelsAreForgotten();

        pool.replica.send(old, 0, 0, TinyModel.tokens("zombie"), GOES_ON);

        assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(old.attempt());
    }

    @Test
    void severalChoicesAndPromptsKeepTheirPlaces() throws Exception {
        pool.replica.onGenerate(request -> {
            for (int choice = request.choices() - 1; choice >= 0; choice--) {
                String text = request.prompt().size() + "-" + choice;
                pool.replica.send(request, choice, 0, TinyModel.tokens(text), Optional.of(FinishReason.LENGTH));
            }
            return new Admitted(request.attempt());
        });

        String body = pool.post(
                        "/v1/completions", "{\"model\":\"tiny\",\"prompt\":[\"a\",\"bbb\"],\"n\":2,\"echo\":true}")
                .body();

        assertThat(body)
                .containsSubsequence(
                        "\"text\":\"a1-0\",\"index\":0",
                        "\"text\":\"a1-1\",\"index\":1",
                        "\"text\":\"bbb3-0\",\"index\":2",
                        "\"text\":\"bbb3-1\",\"index\":3")
                .contains("\"finish_reason\":\"length\"", "\"prompt_tokens\":4", "\"completion_tokens\":12");
    }

    /** The second replica is known when it answers what the first refuses. */
    private static void settle() {
        pool.second.onGenerate(request -> {
            pool.second.say(request, "here");
            return new Admitted(request.attempt());
        });
        pool.replica.onGenerate(request -> full(request));
        RouterFixture.until("both replicas are known", () -> {
            pool.replica.cancelsAreForgotten();
            return pool.chat("").statusCode() == 200 && !pool.replica.requests.isEmpty();
        });
        pool.replica.cancelsAreForgotten();
        pool.second.cancelsAreForgotten();
    }

    private static dev.troupe.cluster.message.Admission full(GenerateRequest request) {
        return new Refused(request.attempt(), ErrorCode.QUEUE_FULL, "the queue is full", 2500);
    }

    private static Sse admitted(String fields) {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        return Sse.chat(pool, fields);
    }

    private static Sse unread(String fields) {
        return new Sse(
                pool,
                "/v1/chat/completions",
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + fields + "}",
                false);
    }
}
