package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.MODEL;
import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.store.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conversations with the default model, in real processes that die. */
class ConversationTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    /** Of the prefix cache, which holds whole blocks only; and the last token of an answer is computed by nobody. */
    private static final int BLOCK = 8;

    @TempDir
    private Path data;

    @Test
    void conversationSurvivesServeAndItsNextTurnStartsWarm() throws Exception {
        shareModels(data);
        String id;
        List<String> said;
        try (TroupeProcess first = serve()) {
            URI url = first.awaitUrl();
            id = create(url, "[{\"role\":\"system\",\"content\":\"You are a friendly guide.\"}]");

            JsonNode one = turn(url, id, "Tell me about the sea.");
            JsonNode two = turn(url, id, "And about ships?");

            assertThat(cached(one)).as("nobody has asked this before").isLessThan(BLOCK);
            assertThat(cached(two))
                    .as("all of the first turn, to a block")
                    .isGreaterThan(one.at("/usage/total_tokens").asInt() - BLOCK - 1);
            said = texts(url, id);
            assertThat(said).hasSize(5).contains("Tell me about the sea.", "And about ships?", text(one), text(two));
            first.kill();
        }
        assertThat(data.resolve("db").resolve("troupe.mv.db")).exists();

        try (TroupeProcess second = serve()) {
            URI url = second.awaitUrl();
            assertThat(texts(url, id)).isEqualTo(said);

            turn(url, id, "Thank you!");

            assertThat(texts(url, id)).hasSize(7).startsWith(said.toArray(String[]::new));
            second.terminate();
            assertThat(second.awaitExit(SOON)).isZero();
        }
    }

    /** A third of the answers at this temperature read in other tokens than they were said in. */
    @Test
    void sampledAnswersAreFoundInTheCacheWhateverTheirTokensAre() {
        URI url = SharedServer.url();
        String id = create(url, "[]");
        int before = 0;
        for (int i = 0; i < 10; i++) {
            JsonNode answer = turn(url, id, "Tell me more of the sea, number " + i, ",\"seed\":" + i, 1);

            assertThat(cached(answer)).as("turn %d", i).isGreaterThan(before - BLOCK - 1);
            before = answer.at("/usage/total_tokens").asInt();
        }
    }

    @Test
    void databaseInUseIsOneLine() throws Exception {
        shareModels(data);
        try (TroupeProcess first = serve()) {
            first.awaitUrl();
            try (TroupeProcess second = serve()) {
                assertThat(second.awaitExit(SOON)).isEqualTo(1);
                assertThat(second.said().lines())
                        .hasSize(1)
                        .allMatch(line -> line.contains("in use by another process") && line.contains("--db-url"));
            }
        }
    }

    @Test
    void unreachableDatabaseIsOneLine() throws Exception {
        Path password = Files.writeString(data.resolve("password"), "hunter2\n");
        try (TroupeProcess wrong = TroupeProcess.start(
                "node",
                "--roles",
                "router",
                "--db-url",
                "jdbc:postgresql://127.0.0.1:1/db",
                "--db-password-file",
                password.toString())) {
            assertThat(wrong.awaitExit(SOON)).isEqualTo(1);
            assertThat(wrong.said().lines())
                    .hasSize(1)
                    .allMatch(line -> line.contains("jdbc:postgresql://127.0.0.1:1/db cannot be reached"));
            assertThat(wrong.said()).doesNotContain("hunter2");
        }
    }

    @Test
    void anyRouterGoesOnWithAConversationAlsoWhenTheOneThatBeganItIsKilled() throws Exception {
        try (TroupeProcess first = TroupeProcess.start("node", "--roles", "router", "--port", "0")) {
            URI firstUrl = first.awaitUrl();
            String pool = first.awaitClusterAddress();
            assertThat(first.said()).contains("No database (--db-url)", "end with its last process");
            try (TroupeProcess second =
                            TroupeProcess.start("node", "--roles", "router", "--port", "0", "--join", pool);
                    TroupeProcess worker = TroupeProcess.start(
                            "node", "--roles", "batcher,worker", "--join", pool, "--kv-memory", "256m")) {
                URI secondUrl = second.awaitUrl();
                worker.awaitLine("Ready");
                eventually(SOON, "ready routers", () -> ready(firstUrl) && ready(secondUrl));
                String id = create(firstUrl, "[]");
                JsonNode one = turn(firstUrl, id, "Tell me about the sea.");

                String two = streamedWhileItsRouterIsKilled(id, "And about ships?", first, firstUrl, secondUrl);
                JsonNode three = turn(secondUrl, id, "Thank you!");

                assertThat(texts(secondUrl, id))
                        .containsExactly(
                                "Tell me about the sea.",
                                text(one),
                                "And about ships?",
                                two,
                                "Thank you!",
                                text(three));
                assertThat(cached(three)).isPositive();
            }
        }
    }

    /** @return the whole answer, of which the first router has told a part */
    private static String streamedWhileItsRouterIsKilled(
            String id, String text, TroupeProcess first, URI firstUrl, URI secondUrl) throws InterruptedException {
        int tokens = 150;
        String body = "{\"model\":\"" + MODEL + "\",\"max_tokens\":" + tokens
                + ",\"ignore_eos\":true,\"conversation\":\"" + id
                + "\",\"temperature\":0,\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}";
        ComingBack client = new ComingBack(() -> first.isAlive() ? firstUrl : secondUrl, body, "a turn");
        Thread reader = new Thread(client, "a turn");
        reader.start();
        eventually(SOON, "the first words", () -> client.chars() > 20);
        first.kill();
        reader.join();
        assertThat(client.trouble(tokens)).isEmpty();
        assertThat(client.comings()).as("connections").isGreaterThan(1);
        return client.text();
    }

    @Test
    void poolOnPostgresFindsItsConversationsAgainAfterAllOfItWasKilled() throws Exception {
        try (PostgresServer database = PostgresServer.start()) {
            Path password = Files.writeString(data.resolve("password"), PostgresServer.PASSWORD);
            String id;
            try (TroupeProcess first = router(database, password)) {
                URI firstUrl = first.awaitUrl();
                assertThat(first.said()).doesNotContain("No database");
                id = create(firstUrl, "[{\"role\":\"user\",\"content\":\"Ahoy \\u0000 🎭\"}]");
                try (TroupeProcess second = router(database, password, "--join", first.awaitClusterAddress())) {
                    assertThat(texts(second.awaitUrl(), id)).containsExactly("Ahoy \0 🎭");
                    String more = "{\"items\":[{\"role\":\"assistant\",\"content\":\"Aye\"}]}";
                    assertThat(post(second.awaitUrl(), "/v1/conversations/" + id + "/items", more)
                                    .statusCode())
                            .isEqualTo(200);
                    second.kill();
                    first.kill();
                }
            }
            try (TroupeProcess third = router(database, password)) {
                assertThat(texts(third.awaitUrl(), id)).containsExactly("Ahoy \0 🎭", "Aye");
            }
        }
    }

    private static TroupeProcess router(PostgresServer database, Path password, String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "node",
                "--roles",
                "router",
                "--port",
                "0",
                "--db-url",
                database.url("postgres"),
                "--db-user",
                PostgresServer.USER,
                "--db-password-file",
                password.toString()));
        line.addAll(List.of(more));
        return TroupeProcess.start(line.toArray(String[]::new));
    }

    private static boolean ready(URI url) {
        return get(url, "/health/ready").contains("\"ready\"");
    }

    private TroupeProcess serve() throws IOException {
        return TroupeProcess.start("serve", "--port", "0", "--kv-memory", "256m", "--data", data.toString());
    }

    /** A data folder of its own, but for the model and what is compiled for this machine. */
    private static void shareModels(Path data) throws IOException {
        Path shared = new DataOption().directory();
        for (String folder : List.of("models", "native")) {
            Files.createDirectories(shared.resolve(folder));
            Files.createSymbolicLink(data.resolve(folder), shared.resolve(folder));
        }
    }

    private static String create(URI url, String items) {
        HttpResponse<String> response = post(url, "/v1/conversations", "{\"items\":" + items + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response.body()).path("id").asText();
    }

    private static JsonNode turn(URI url, String id, String text) {
        return turn(url, id, text, "", 0);
    }

    private static JsonNode turn(URI url, String id, String text, String more, int temperature) {
        String body = "{\"model\":\"" + MODEL + "\",\"max_tokens\":48,\"conversation\":\"" + id + "\",\"temperature\":"
                + temperature + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]" + more + "}";
        HttpResponse<String> response = post(url, "/v1/chat/completions", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response.body());
    }

    private static int cached(JsonNode answer) {
        return answer.at("/usage/prompt_tokens_details/cached_tokens").asInt();
    }

    private static String text(JsonNode answer) {
        return answer.at("/choices/0/message/content").asText();
    }

    private static List<String> texts(URI url, String id) {
        JsonNode page = json(get(url, "/v1/conversations/" + id + "/items?order=asc&limit=100"));
        return StreamSupport.stream(page.path("data").spliterator(), false)
                .map(item -> item.at("/content/0/text").asText())
                .toList();
    }
}
