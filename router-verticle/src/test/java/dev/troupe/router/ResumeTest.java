package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.api.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that come back, come late, or do not wait. */
class ResumeTest {
    private static final String CHAT = "/v1/chat/completions";
    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        pool = new RouterFixture(15_401);
        pool.ready();
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @BeforeEach
    void forget() {
        pool.replica.cancelsAreForgotten();
        pool.replica.onGenerate(request -> {
            pool.replica.say(request, "Hello, w\u00f6rld");
            return new Admitted(request.attempt());
        });
    }

    @Test
    void fromEveryEventOnExactlyTheRestIsTold() {
        // Token by token, so that there are many events; the two-byte letter comes in two tokens.
        pool.replica.onGenerate(request -> {
            TokenIds tokens = TinyModel.tokens("Hello, w\u00f6rld!").concat(TokenIds.of(TinyModel.END));
            for (int choice = 0; choice < request.choices(); choice++) {
                for (int i = 0; i < tokens.size(); i++) {
                    boolean last = i == tokens.size() - 1;
                    pool.replica.send(
                            request,
                            choice,
                            i,
                            tokens.slice(i, i + 1),
                            last ? Optional.of(FinishReason.STOP) : Optional.empty());
                }
            }
            return new Admitted(request.attempt());
        });
        for (String fields : List.of(
                ",\"stream\":true",
                ",\"stream\":true,\"n\":3",
                ",\"stream\":true,\"stop\":\"rl\"",
                ",\"stream\":true,\"logprobs\":true,\"top_logprobs\":1",
                ",\"stream\":true,\"n\":2,\"stop\":[\"w\u00f6\"],\"stream_options\":{\"include_usage\":true}")) {
            List<Event> whole = events(pool.chat(fields).body());
            String stream = Json.parse(whole.get(0).data().getBytes(StandardCharsets.UTF_8))
                    .path("id")
                    .asText();

            for (int i = 0; i < whole.size() - 1; i++) {
                List<Event> told = whole.subList(0, i + 1);
                List<Event> rest = events(resume(stream, whole.get(i).id()).body());

                assertThat(Told.of(told, rest))
                        .as("%s from event %d, id %s", fields, i, whole.get(i).id())
                        .isEqualTo(Told.of(whole, List.of()));
            }
            assertThat(resume(stream, "d").statusCode()).isEqualTo(204);
            assertThat(Told.of(List.of(), events(get("/v1/streams/" + stream).body())))
                    .isEqualTo(Told.of(whole, List.of()));
        }
    }

    @Test
    void whatThePoolHasLostOfAStreamItsRouterWritesAgain() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        try (Sse client = Sse.chat(pool, ",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            pool.replica.send(request, 0, 0, TinyModel.tokens("half"), Optional.empty());
            String stream = Json.parse(
                            client.next("data: ").substring("data: ".length()).getBytes(StandardCharsets.UTF_8))
                    .path("id")
                    .asText();

            pool.loseJournal();
            pool.replica.send(request, 0, 4, TinyModel.tokens("way"), Optional.empty());
            RouterFixture.until("written again", pool::hasJournal);
            pool.replica.send(request, 0, 7, TokenIds.of(TinyModel.END), Optional.of(FinishReason.STOP));

            assertThat(Sse.text(client.events(), 0)).isEqualTo("halfway");
            List<Event> whole = events(get("/v1/streams/" + stream).body());
            assertThat(Told.of(whole, List.of()).texts()).containsExactly("halfway");
        }
    }

    @Test
    void whoComesBackToWhatIsNotKnownIsNotToldAnotherAnswer() {
        HttpResponse<String> response = named("never used", ",\"stream\":true", "3");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("stream_not_found");
    }

    @Test
    void whoCannotBeFoundOrReadIsToldSo() {
        String stream = pool.chat(",\"stream\":true")
                .headers()
                .firstValue("x-troupe-stream-id")
                .orElseThrow();

        assertThat(get("/v1/streams/chatcmpl-unknown").statusCode()).isEqualTo(404);
        assertThat(get("/v1/streams/" + stream.replace(stream.charAt(stream.length() - 1), 'x'))
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<String> wrong = resume(stream, "7;drop");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("Last-Event-ID");
        assertThat(resume(stream, "1.1").statusCode())
                .as("of another number of choices")
                .isEqualTo(400);
    }

    @Test
    void aStreamThatGoesOnIsReadAlong() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        try (Sse client = Sse.chat(pool, ",\"stream\":true")) {
            GenerateRequest request = FakeReplica.take(pool.replica.requests);
            pool.replica.send(request, 0, 0, TinyModel.tokens("half"), Optional.empty());
            assertThat(client.next("data: {")).contains("assistant");
            assertThat(client.next("data: {")).contains("half");
            CompletableFuture<String> second = CompletableFuture.supplyAsync(
                    () -> resume(request.requestId(), "13").body());
            CompletableFuture<String> third = CompletableFuture.supplyAsync(
                    () -> resume(request.requestId(), "1").body());

            pool.replica.send(
                    request,
                    0,
                    4,
                    TinyModel.tokens("way").concat(TokenIds.of(TinyModel.END)),
                    Optional.of(FinishReason.STOP));

            assertThat(Told.of(List.of(), events(second.get())).texts()).containsExactly("way");
            assertThat(Told.of(List.of(), events(third.get())).texts()).containsExactly("halfway");
            assertThat(Sse.text(client.events(), 0)).isEqualTo("way");
        }
    }

    @Test
    void aWholeAnswerWithANameIsGeneratedOnce() throws Exception {
        AtomicInteger generated = new AtomicInteger();
        pool.replica.onGenerate(request -> {
            generated.incrementAndGet();
            pool.far.vertx().setTimer(600, timer -> pool.replica.say(request, "once"));
            return new Admitted(request.attempt());
        });
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(CompletableFuture.supplyAsync(() -> named("a-name", "", "")));
        }

        List<String> bodies = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> one : asked) {
            assertThat(one.get().statusCode()).isEqualTo(200);
            bodies.add(one.get().body());
        }
        bodies.add(named("a-name", "", "").body());

        assertThat(bodies).allSatisfy(body -> assertThat(body).contains("\"content\":\"once\""));
        assertThat(bodies.stream()
                        .map(body -> Json.parse(body.getBytes(StandardCharsets.UTF_8))
                                .path("id"))
                        .distinct())
                .hasSize(1);
        assertThat(generated).hasValue(1);
        HttpResponse<String> other = named("a-name", ",\"seed\":1", "");
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(other.body()).contains("idempotency_key_reused");
        assertThat(named(" ", "", "").statusCode()).isEqualTo(400);
        assertThat(named("x".repeat(256), "", "").statusCode()).isEqualTo(400);
    }

    @Test
    void aNamedStreamIsToldFromWhereItsClientHasComeTo() {
        List<Event> whole = events(named("stream", ",\"stream\":true", "").body());

        List<Event> rest =
                events(named("stream", ",\"stream\":true", whole.get(0).id()).body());

        assertThat(Told.of(whole.subList(0, 1), rest)).isEqualTo(Told.of(whole, List.of()));
    }

    @Test
    void whatFailedMayBeTriedAgainUnderItsName() {
        pool.replica.onGenerate(request -> {
            pool.replica.send(request, 0, 0, TokenIds.EMPTY, Optional.of(FinishReason.FAILED));
            return new Admitted(request.attempt());
        });
        assertThat(named("fails", "", "").statusCode()).isEqualTo(500);
        pool.replica.onGenerate(request -> {
            pool.replica.say(request, "well");
            return new Admitted(request.attempt());
        });

        assertThat(named("fails", "", "").body()).contains("well");
        assertThat(named("never", ",\"temperature\":9", "").statusCode()).isEqualTo(400);
        assertThat(named("never", "", "").statusCode()).isEqualTo(200);
    }

    @Test
    void aNamedRequestGoesOnWithoutItsClient() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        GenerateRequest request;
        try (Sse client = new Sse(pool, CHAT, body(",\"stream\":true"), true, "Idempotency-Key: goes")) {
            request = FakeReplica.take(pool.replica.requests);
            pool.replica.send(request, 0, 0, TinyModel.tokens("ha"), Optional.empty());
            assertThat(client.next("data: {")).isNotNull();
        }
        pool.replica.send(
                request,
                0,
                2,
                TinyModel.tokens("lf").concat(TokenIds.of(TinyModel.END)),
                Optional.of(FinishReason.STOP));

        List<Event> all = events(named("goes", ",\"stream\":true", "").body());

        assertThat(Told.of(List.of(), all).texts()).containsExactly("half");
        assertThat(pool.replica.cancels).isEmpty();
    }

    @Test
    void aBackgroundRequestIsFetchedLater() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        HttpResponse<String> taken = pool.chat(",\"background\":true");
        assertThat(taken.statusCode()).isEqualTo(202);
        String id = Json.parse(taken.body().getBytes(StandardCharsets.UTF_8))
                .path("id")
                .asText();
        assertThat(taken.body()).contains("\"status\":\"in_progress\"");
        assertThat(get("/v1/streams/" + id).statusCode()).isEqualTo(202);
        pool.replica.say(FakeReplica.take(pool.replica.requests), "later");

        RouterFixture.until("the answer", () -> get("/v1/streams/" + id).statusCode() == 200);

        assertThat(get("/v1/streams/" + id).body())
                .contains("\"content\":\"later\"", "\"object\":\"chat.completion\"", id);
    }

    @Test
    void deleteStopsABackgroundRequest() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        HttpResponse<String> taken = pool.chat(",\"background\":true");
        String id = Json.parse(taken.body().getBytes(StandardCharsets.UTF_8))
                .path("id")
                .asText();
        GenerateRequest request = FakeReplica.take(pool.replica.requests);

        HttpResponse<String> stopped = delete("/v1/streams/" + id);

        assertThat(stopped.statusCode()).isEqualTo(200);
        assertThat(stopped.body()).contains("\"status\":\"cancelled\"");
        assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(request.attempt());
        RouterFixture.until("nothing is left", () -> pool.liveGenerations() == 0);
        assertThat(get("/v1/streams/" + id).statusCode()).isEqualTo(410);
        assertThat(delete("/v1/streams/chatcmpl-unknown").statusCode()).isEqualTo(404);
    }

    /** An event with its id, as it was sent. */
    private record Event(String id, String data) {}

    /** What a client knows after some events: texts, ends and scores by choice, the usage, and whether it is over. */
    private record Told(List<String> texts, List<String> finishes, List<String> scores, String usage, boolean done) {
        static Told of(List<Event> first, List<Event> rest) {
            List<Event> all = new ArrayList<>(first);
            all.addAll(rest);
            List<String> texts = new ArrayList<>();
            List<String> finishes = new ArrayList<>();
            List<String> scores = new ArrayList<>();
            String usage = "";
            boolean done = false;
            int opened = 0;
            for (Event event : all) {
                assertThat(done).as("nothing follows [DONE]").isFalse();
                assertThat(event.id()).isNotEmpty();
                if (event.data().equals("[DONE]")) {
                    done = true;
                    continue;
                }
                JsonNode json = Json.parse(event.data().getBytes(StandardCharsets.UTF_8));
                usage = json.path("usage").isObject() ? json.path("usage").toString() : usage;
                JsonNode choice = json.path("choices").path(0);
                if (choice.isMissingNode()) {
                    continue;
                }
                int index = choice.path("index").asInt();
                while (texts.size() <= index) {
                    texts.add("");
                    finishes.add("");
                    scores.add("");
                }
                opened += choice.at("/delta/role").isTextual() ? 1 : 0;
                texts.set(index, texts.get(index) + choice.at("/delta/content").asText(""));
                finishes.set(
                        index,
                        finishes.get(index) + choice.path("finish_reason").asText(""));
                scores.set(index, scores.get(index) + names(choice.at("/logprobs/content")));
            }
            assertThat(opened).as("each choice is opened once").isLessThanOrEqualTo(texts.size());
            return new Told(texts, finishes, scores, usage, done);
        }

        private static String names(JsonNode content) {
            StringBuilder names = new StringBuilder();
            content.forEach(token -> names.append(token.path("bytes")));
            return names.toString();
        }
    }

    private static List<Event> events(String body) {
        List<Event> events = new ArrayList<>();
        String id = "";
        for (String line : body.lines().toList()) {
            if (line.startsWith("id: ")) {
                id = line.substring("id: ".length());
            } else if (line.startsWith("data: ")) {
                events.add(new Event(id, line.substring("data: ".length())));
                id = "";
            }
        }
        return events;
    }

    private static String body(String fields) {
        return "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + fields + "}";
    }

    private static HttpResponse<String> named(String key, String fields, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(pool.uri(CHAT))
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body(fields)));
        if (!lastEventId.isEmpty()) {
            request.header("last-event-id", lastEventId);
        }
        return pool.send(request.build());
    }

    private static HttpResponse<String> resume(String stream, String lastEventId) {
        return pool.send(HttpRequest.newBuilder(pool.uri("/v1/streams/" + stream))
                .header("last-event-id", lastEventId)
                .timeout(Duration.ofSeconds(30))
                .build());
    }

    private static HttpResponse<String> get(String path) {
        return pool.get(path);
    }

    private static HttpResponse<String> delete(String path) {
        return pool.send(HttpRequest.newBuilder(pool.uri(path)).DELETE().build());
    }
}
