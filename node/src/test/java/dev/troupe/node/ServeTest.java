package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.MODEL;
import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.metric;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static dev.troupe.node.TroupeProcess.request;
import static dev.troupe.node.TroupeProcess.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user of {@code troupe serve} sees, with the default model in a process of its own. */
class ServeTest {
    private static final String CHAT = "/v1/chat/completions";
    /** Its greedy answer has no near-tie in 48 tokens, and its prompt more than one block. */
    private static final String HAIKU = "Write a haiku about autumn rain.";

    private static URI url;

    @BeforeAll
    static void serve() {
        url = SharedServer.url();
    }

    /** Messages of the golden file smollm2-135m-q4_1.json, with what the reference says up to its first near-tie. */
    static List<JsonNode> greedyGoldens() throws IOException {
        try (InputStream in = ServeTest.class.getResourceAsStream("greedy.json")) {
            return StreamSupport.stream(TroupeProcess.JSON.readTree(in).spliterator(), false)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("greedyGoldens")
    void greedyTextIsTheReferencesUpToItsFirstNearTie(JsonNode golden) {
        ObjectNode body = TroupeProcess.JSON
                .createObjectNode()
                .put("model", MODEL)
                .put("temperature", 0)
                .put("max_tokens", 48);
        body.set("messages", golden.path("messages"));

        HttpResponse<String> response = post(url, CHAT, body.toString());

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(content(response)).startsWith(golden.path("text").asText());
    }

    @Test
    void streamedTextAndUsageAreThoseOfTheWholeAnswer() {
        String whole = content(post(url, CHAT, question(HAIKU, 32, "")));

        List<String> lines = send(
                        request(
                                url,
                                CHAT,
                                question(HAIKU, 32, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}")),
                        HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();

        StringBuilder text = new StringBuilder();
        lines.subList(0, lines.size() - 1)
                .forEach(line -> text.append(json(line)
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asText("")));
        assertThat(text.toString()).isEqualTo(whole);
        assertThat(lines.get(lines.size() - 1)).isEqualTo("[DONE]");
        JsonNode usage = json(lines.get(lines.size() - 2)).path("usage");
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(32);
    }

    /** Not up to rounding: our own kernels compute a row the same whatever is beside it. */
    @Test
    void theSameSeedGivesTheSameTextOnAQuietServerAndOnABusyOne() {
        String asked = question("Tell me a story of the sea.", 48, ",\"seed\":11")
                .replace("\"temperature\":0", "\"temperature\":1");
        String quiet = content(post(url, CHAT, asked));

        List<CompletableFuture<HttpResponse<String>>> others = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> post(url, CHAT, question("Number " + i + ": what comes next, and why?", 40 + i, "")),
                        task -> new Thread(task).start()))
                .toList();
        eventually(Duration.ofSeconds(20), "others are at work", () -> metric(url, "troupe_num_requests_running") > 4);
        String busy = content(post(url, CHAT, asked));

        assertThat(busy).isEqualTo(quiet);
        others.forEach(other -> assertThat(other.join().statusCode()).isEqualTo(200));
    }

    @Test
    void repeatedPromptIsTakenFromTheCacheAndAnswersTheSame() {
        HttpResponse<String> first = post(url, CHAT, question(HAIKU, 24, ""));
        HttpResponse<String> second = post(url, CHAT, question(HAIKU, 24, ""));

        assertThat(json(second.body())
                        .path("usage")
                        .path("prompt_tokens_details")
                        .path("cached_tokens")
                        .asInt())
                .isGreaterThanOrEqualTo(32);
        assertThat(content(second)).isEqualTo(content(first));
    }

    @Test
    void clientThatGoesFreesItsPlaceLongBeforeItsAnswerWouldEnd() throws IOException {
        String endless = question(HAIKU, 7000, ",\"ignore_eos\":true,\"stream\":true");
        HttpResponse<InputStream> response =
                send(request(url, CHAT, endless), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("id: ");
        }

        awaitIdle(Duration.ofSeconds(10));
    }

    @Test
    void clientThatGoesWithoutAStreamFreesItsPlaceToo() throws IOException {
        byte[] body = question(HAIKU, 7000, ",\"ignore_eos\":true").getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write(("POST " + CHAT
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            eventually(
                    Duration.ofSeconds(30),
                    "the request to run",
                    () -> metric(url, "troupe_num_requests_running") == 1);
        }

        awaitIdle(Duration.ofSeconds(10));
    }

    @Test
    void modelsAndHealthTellOfTheModel() {
        assertThat(json(get(url, "/v1/models")).path("data").path(0).path("id").asText())
                .isEqualTo(MODEL);
        assertThat(json(get(url, "/v1/models/" + MODEL)).path("object").asText())
                .isEqualTo("model");
        assertThat(send(
                                HttpRequest.newBuilder(url.resolve("/health/ready"))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void announcementTellsOfMemoryAndHasACommandToTry() {
        assertThat(SharedServer.process().said())
                .contains(MODEL + " on cpu", "curl " + url + CHAT)
                .containsPattern("\\nMemory: [0-9.]+ GB free; model about [0-9]+ MB; KV [0-9]+ MB = [0-9,]+ tokens ")
                .doesNotContain("Exception", "WARN");
    }

    @Test
    void takenPortIsOneLineAndExitCodeOne() throws Exception {
        try (TroupeProcess second = TroupeProcess.start("serve", "--port", String.valueOf(url.getPort()))) {
            assertThat(second.awaitExit(Duration.ofMinutes(1))).isEqualTo(1);
            assertThat(second.said().lines().filter(line -> line.startsWith("troupe: ")))
                    .hasSize(1)
                    .allMatch(line -> line.contains(String.valueOf(url.getPort())));
            assertThat(second.said()).doesNotContain("\tat ");
        }
    }

    @Test
    void misspeltModelNamesTheNearest() throws Exception {
        try (TroupeProcess wrong = TroupeProcess.start("serve", "--port", "0", "--model", "smolm2-135m-instruct")) {
            assertThat(wrong.awaitExit(Duration.ofMinutes(1))).isEqualTo(1);
            assertThat(wrong.said()).contains("smollm2-135m-instruct").doesNotContain("\tat ");
        }
    }

    static void awaitIdle(Duration atMost) {
        eventually(
                atMost,
                "an idle server",
                () -> metric(url, "troupe_num_requests_running")
                                + metric(url, "troupe_num_requests_waiting")
                                + metric(url, "troupe_kv_cache_usage_ratio")
                                + metric(url, "troupe_router_open_requests")
                        == 0);
    }

    private static String content(HttpResponse<String> response) {
        return json(response.body())
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asText();
    }
}
