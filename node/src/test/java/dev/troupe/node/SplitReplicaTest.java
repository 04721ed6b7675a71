package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static dev.troupe.node.TroupeProcess.request;
import static dev.troupe.node.TroupeProcess.send;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

/** Router, batcher and worker of one replica, each a real process of its own. */
class SplitReplicaTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int TOKENS = 200;

    /** Its greedy answer is clear at every step, so rounding cannot change it; and every number in it is another. */
    private static final String COUNT = "Write the numbers from 1 to 60, separated by commas.";

    @Test
    void streamGoesOnWhenItsWorkerIsKilledAndAnotherWorkerIsRefused() throws Exception {
        try (TroupeProcess router = TroupeProcess.start("node", "--roles", "router", "--port", "0")) {
            URI url = router.awaitUrl();
            String pool = router.awaitClusterAddress();
            try (TroupeProcess batcher =
                    TroupeProcess.start("node", "--roles", "batcher", "--replica", "one", "--join", pool)) {
                batcher.awaitLine("Waiting for the worker of replica one");
                try (TroupeProcess worker = worker(pool, "512m")) {
                    batcher.awaitLine("Ready: replica one has its worker");
                    eventually(SOON, "a router that can serve", () -> get(url, "/health/ready")
                            .contains("\"ready\""));
                    String undisturbed = choice(post(url, CHAT, count("")).body())
                            .path("message")
                            .path("content")
                            .asText();
                    assertThat(undisturbed).startsWith("1, 2, 3, 4, 5");

                    assertThat(streamedWhileItsWorkerRestarts(url, pool, worker))
                            .isEqualTo(undisturbed);
                }
                try (TroupeProcess smaller = worker(pool, "256m")) {
                    smaller.awaitLine("Ready");
                    assertThat(post(url, CHAT, question("Hello", 1, "")).statusCode())
                            .isGreaterThanOrEqualTo(500);
                    assertThat(batcher.awaitExit(SOON)).isEqualTo(1);
                    assertThat(batcher.said())
                            .containsPattern(
                                    "(?m)^troupe: the worker of replica one is not what it was.*\\R(?!\\s+at )");
                }
            }
        }
    }

    /** @return the whole text; the worker that ends it is gone, too */
    private static String streamedWhileItsWorkerRestarts(URI url, String pool, TroupeProcess worker) throws Exception {
        String body = count(",\"stream\":true");
        Iterator<String> events = send(request(url, CHAT, body), HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .iterator();
        StringBuilder text = new StringBuilder();
        while (text.length() < 50) {
            text.append(contentOf(events.next()));
        }
        worker.kill();
        String finish = "";
        try (TroupeProcess again = worker(pool, "512m")) {
            for (String event = events.next(); !event.equals("[DONE]"); event = events.next()) {
                text.append(contentOf(event));
                finish = choice(event).path("finish_reason").asText("");
            }
            assertThat(again.said()).contains("Ready");
        }
        assertThat(finish).isEqualTo("length");
        return text.toString();
    }

    private static TroupeProcess worker(String pool, String kvMemory) throws Exception {
        return TroupeProcess.start(
                "node", "--roles", "worker", "--replica", "one", "--join", pool, "--kv-memory", kvMemory);
    }

    private static String count(String more) {
        return question(COUNT, TOKENS, ",\"ignore_eos\":true" + more);
    }

    private static String contentOf(String event) {
        return choice(event).path("delta").path("content").asText("");
    }

    private static JsonNode choice(String body) {
        return json(body).path("choices").path(0);
    }
}
