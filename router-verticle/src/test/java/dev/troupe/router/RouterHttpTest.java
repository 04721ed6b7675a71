package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.api.Json;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's shapes, and what a server must bear. */
@Timeout(60)
class RouterHttpTest {
    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        pool = new RouterFixture(16100);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @BeforeEach
    void answerHello() {
        pool.ready();
        pool.replica.cancelsAreForgotten();
        pool.replica.onGenerate(request -> {
            pool.replica.say(request, "Hello");
            return new Admitted(request.attempt());
        });
    }

    @Test
    void aChatIsAnsweredInOpenAisShape() {
        HttpResponse<String> response = pool.chat("");

        ObjectNode body = json(response);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
        assertThat(body.path("id").asText()).startsWith("chatcmpl-");
        assertThat(body.path("created").asLong()).isGreaterThan(1_700_000_000);
        assertThat(body.<ObjectNode>without(List.of("id", "created")).toString())
                .isEqualTo(
                        "{\"object\":\"chat.completion\",\"model\":\"tiny\",\"system_fingerprint\":\"fp_fingerprin\","
                                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\",\"refusal\":null,"
                                + "\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":21,\"completion_tokens\":6,\"total_tokens\":27,"
                                + "\"prompt_tokens_details\":{\"cached_tokens\":3,\"audio_tokens\":0},"
                                + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,"
                                + "\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}}");
    }

    @Test
    void everyFieldReachesTheWorker() throws Exception {
        pool.chat(
                """
                ,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,"presence_penalty":-2,"frequency_penalty":2,
                "repetition_penalty":1.5,"logit_bias":{"7":-100},"seed":-5,"logprobs":true,"top_logprobs":2,
                "n":3,"max_completion_tokens":9,"ignore_eos":true""");

        GenerateRequest request = FakeReplica.take(pool.replica.requests);
        assertThat(request.choices()).isEqualTo(3);
        assertThat(request.tenant()).isEqualTo("local");
        assertThat(request.sampling())
                .isEqualTo(new dev.troupe.cluster.message.SamplingParams(
                        0.5f,
                        0.9f,
                        OptionalInt.of(40),
                        0.1f,
                        -2,
                        2,
                        1.5f,
                        Map.of(7, -100f),
                        -5,
                        OptionalInt.of(2),
                        9,
                        TokenIds.EMPTY));
    }

    @Test
    void withoutASeedOneIsDrawnAndTheAnswerMayFillTheContext() throws Exception {
        pool.chat("");
        pool.chat("");

        GenerateRequest first = FakeReplica.take(pool.replica.requests);
        GenerateRequest second = FakeReplica.take(pool.replica.requests);
        assertThat(first.sampling().seed()).isNotEqualTo(second.sampling().seed());
        assertThat(first.sampling().maxTokens())
                .isEqualTo(TinyModel.CONTEXT - first.prompt().size());
        assertThat(first.sampling().stopTokens()).isEqualTo(TokenIds.of(TinyModel.END));
    }

    @Test
    void logprobsAreAlignedWithTheTextInBothShapes() {
        JsonNode chat = json(pool.chat(",\"logprobs\":true,\"top_logprobs\":1")).at("/choices/0/logprobs");
        assertThat(chat.path("content")).hasSize(5);
        assertThat(chat.at("/content/0").toString())
                .isEqualTo("{\"token\":\"H\",\"logprob\":-0.5,\"bytes\":[72],"
                        + "\"top_logprobs\":[{\"token\":\"H\",\"logprob\":-0.5,\"bytes\":[72]}]}");

        JsonNode text = json(pool.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"x\",\"logprobs\":0}"));
        assertThat(text.path("object").asText()).isEqualTo("text_completion");
        assertThat(text.at("/choices/0/logprobs").toString())
                .isEqualTo("{\"tokens\":[\"H\",\"e\",\"l\",\"l\",\"o\"],\"token_logprobs\":[-0.5,-0.5,-0.5,-0.5,-0.5],"
                        + "\"top_logprobs\":[{\"H\":-0.5},{\"e\":-0.5},{\"l\":-0.5},{\"l\":-0.5},{\"o\":-0.5}],"
                        + "\"text_offset\":[0,1,2,3,4]}");
    }

    @Test
    void modelsHealthAndMetricsAreTold() {
        pool.chat("");

        assertThat(pool.get("/v1/models").body())
                .isEqualTo(
                        "{\"object\":\"list\",\"data\":[{\"id\":\"tiny\",\"object\":\"model\",\"created\":1700000000,"
                                + "\"owned_by\":\"troupe\"}]}");
        assertThat(pool.get("/v1/models/tiny").body()).contains("\"id\":\"tiny\"");
        assertThat(pool.get("/v1/models/a%2Fb").body()).contains("The model `a/b` does not exist", "model_not_found");
        assertThat(pool.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(pool.get("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
        assertThat(pool.get("/metrics").body())
                .contains(
                        "troupe_requests_total{outcome=\"success\",model=\"tiny\",}",
                        "troupe_prompt_tokens_total{model=\"tiny\",}",
                        "troupe_generation_tokens_total{model=\"tiny\",}",
                        "troupe_time_to_first_token_seconds_count{model=\"tiny\",}",
                        "troupe_e2e_request_latency_seconds_count{model=\"tiny\",}",
                        "troupe_eventbus_messages_sent_total",
                        "jvm_memory_bytes_used");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/chat/completions, 405, method_not_supported",
        "DELETE, /v1/models, 405, method_not_supported",
        "POST, /v1/frobnicate, 404, unknown_url",
        "GET, /, 404, unknown_url",
        "GET, /v1/models/none, 404, model_not_found",
        "GET, /v1/models/%FF%ZZ, 404, model_not_found"
    })
    void aWrongUrlOrMethodIsSaid(String method, String path, int status, String code) {
        String raw = "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".formatted(method, path);

        String response = RawHttp.exchange(pool.router.port(), raw.getBytes(StandardCharsets.US_ASCII));

        assertThat(response)
                .startsWith("HTTP/1.1 " + (path.contains("%FF") ? 4 : status))
                .contains("\"error\":{");
        if (!path.contains("%FF")) {
            assertThat(response).contains(code);
        }
    }

    @Test
    void anUnknownModelIsNotFoundAndIsNoLabel() {
        HttpResponse<String> response = pool.post("/v1/completions", "{\"model\":\"made-up\",\"prompt\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("\"code\":\"model_not_found\"");
        assertThat(pool.get("/metrics").body())
                .contains("troupe_requests_total{outcome=\"invalid\",model=\"unknown\",}")
                .doesNotContain("made-up");
    }

    @Test
    void whatOnlyTheModelCanTellIsCheckedAgainstIt() {
        String words = "x".repeat(TinyModel.CONTEXT);
        assertThat(pool.post(
                                "/v1/chat/completions",
                                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}")
                        .body())
                .contains(
                        "This model's maximum context length is 512 tokens. However, your messages resulted in 531 tokens.",
                        "\"param\":\"messages\"",
                        "\"code\":\"context_length_exceeded\"");
        assertThat(pool.chat(",\"max_tokens\":500").body())
                .contains("you requested 521 tokens (21 in the messages, 500 in the completion)");
        assertThat(pool.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":[1,2,9999]}")
                        .body())
                .contains("token id 9999 does not exist");
        assertThat(pool.chat(",\"logit_bias\":{\"5000\":1}").body()).contains("token id 5000 does not exist");
        assertThat(pool.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"\"}")
                        .body())
                .contains("\"param\":\"prompt\"");
        assertThat(pool.post(
                                "/v1/chat/completions",
                                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"assistant\",\"content\":\"me first\"}]}")
                        .body())
                .contains("the user speaks first", "\"param\":\"messages\"");
    }

    @Test
    void anotherMediaTypeIsRefused() {
        HttpRequest request = HttpRequest.newBuilder(pool.uri("/v1/completions"))
                .header("content-type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();

        assertThat(pool.send(request).statusCode()).isEqualTo(415);
    }

    @Test
    void fiftyMegabytesAreRefusedBeforeTheyAreRead() {
        String head = "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        byte[] announced = (head + "Content-Length: 52428800\r\n\r\n").getBytes(StandardCharsets.US_ASCII);

        assertThat(RawHttp.exchange(pool.router.port(), announced))
                .startsWith("HTTP/1.1 413")
                .contains("larger than 1048576 bytes");

        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        byte[] chunked =
                (head + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(17)).getBytes(StandardCharsets.US_ASCII);
        assertThat(RawHttp.exchange(pool.router.port(), chunked)).startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/completions", "/v1/models", "/nowhere"})
    void aBodyThatNobodyWantsDoesNotHoldTheConnection(String path) {
        byte[] announced = ("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
                        + "Content-Length: 52428800\r\n\r\nand so on")
                .getBytes(StandardCharsets.US_ASCII);

        // Comes back only when the server closes.
        assertThat(RawHttp.exchange(pool.router.port(), announced)).startsWith("HTTP/1.1 4");
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForForever() {
        byte[] half = ("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 100\r\n\r\n{\"model\"")
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(RawHttp.exchange(pool.router.port(), half)).startsWith("HTTP/1.1 408");
        assertThat(pool.get("/metrics").body()).contains("troupe_router_open_requests 0.0");
    }

    @Test
    void randomAndHostileRequestsLeaveNothingBehind() {
        Random random = new Random(7);
        String valid =
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":%s,\"n\":%d}";
        for (int i = 0; i < 1500; i++) {
            byte[] body =
                    valid.formatted(random.nextBoolean(), random.nextInt(5)).getBytes(StandardCharsets.UTF_8);
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            HttpRequest request = HttpRequest.newBuilder(
                            pool.uri(random.nextBoolean() ? "/v1/chat/completions" : "/v1/completions"))
                    .header("content-type", "application/json")
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(pool.send(request).statusCode())
                    .as(new String(body, StandardCharsets.ISO_8859_1))
                    .isLessThan(500);
        }

        RouterFixture.until("no generation is left", () -> pool.liveGenerations() == 0);
        assertThat(pool.get("/metrics").body()).contains("troupe_router_open_requests 0.0");
        assertThat(pool.chat("").statusCode()).isEqualTo(200);
    }

    @Test
    void aThousandStopsAreRefusedAndTheServerServesOn() {
        String stops = IntStream.range(0, 1000).mapToObj(i -> "\"s" + i + "\"").collect(Collectors.joining(","));

        assertThat(pool.chat(",\"stop\":[" + stops + "]").body()).contains("\"param\":\"stop\"", "maximum length 4");
        assertThat(pool.chat("").statusCode()).isEqualTo(200);
    }

    @Test
    void drainingRefusesNewRequestsAndLetsRunningOnesEnd() throws Exception {
        try (RouterFixture leaving = new RouterFixture(16300)) {
            leaving.ready();
            leaving.replica.onGenerate(request -> new Admitted(request.attempt()));
            try (Sse client = Sse.chat(leaving, ",\"stream\":true")) {
                GenerateRequest request = FakeReplica.take(leaving.replica.requests);

                Future<Void> drained = leaving.router.drain(Duration.ofSeconds(30));

                RouterFixture.until(
                        "draining", () -> leaving.get("/health/ready").statusCode() == 503);
                HttpResponse<String> refused = leaving.chat("");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("retry-after")).isPresent();
                assertThat(drained.isComplete()).isFalse();
                leaving.replica.send(request, 0, 0, TinyModel.tokens("bye"), Optional.of(FinishReason.LENGTH));
                assertThat(Sse.text(client.events(), 0)).isEqualTo("bye");
                RouterFixture.await(drained);
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        RouterVerticle another = new RouterVerticle(
                RouterConfig.DEFAULT.withAddress("127.0.0.1", pool.router.port()),
                Places.of(pool.near),
                new CollectorRegistry());

        assertThatThrownBy(() -> RouterFixture.await(pool.near.vertx().deployVerticle(another)))
                .hasMessageContaining("cannot listen at 127.0.0.1:" + pool.router.port())
                .hasMessageContaining("choose another port");
    }

    private static ObjectNode json(HttpResponse<String> response) {
        return Json.parse(response.body().getBytes(StandardCharsets.UTF_8));
    }
}
