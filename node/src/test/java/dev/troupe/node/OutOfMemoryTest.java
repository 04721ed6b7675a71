package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.MODEL;
import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.metric;
import static dev.troupe.node.TroupeProcess.post;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A real process whose device lacks memory at every ninth step or copy. */
class OutOfMemoryTest {
    @Test
    void everyAnswerIsWholeAndRightAndTheProcessServesOn() throws Exception {
        try (TroupeProcess process = TroupeProcess.startWith(
                List.of("-Dtroupe.fault.oom-every=9"), "serve", "--port", "0", "--kv-memory", "256m")) {
            URI url = process.awaitUrl();
            List<JsonNode> goldens = ServeTest.greedyGoldens();
            ExecutorService clients = Executors.newFixedThreadPool(goldens.size());
            try {
                List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                goldens.forEach(golden -> answers.add(clients.submit(() -> ask(url, golden))));
                for (int i = 0; i < goldens.size(); i++) {
                    HttpResponse<String> answer = answers.get(i).get();
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                    assertThat(json(answer.body())
                                    .path("choices")
                                    .path(0)
                                    .path("message")
                                    .path("content")
                                    .asText())
                            .startsWith(goldens.get(i).path("text").asText());
                }
            } finally {
                clients.shutdownNow();
            }
            assertThat(metric(url, "troupe_out_of_memory_total")).isGreaterThan(5);
            assertThat(metric(url, "troupe_num_preemptions_total")).isPositive();
            eventually(
                    Duration.ofSeconds(20),
                    "an idle server",
                    () -> metric(url, "troupe_num_requests_running") + metric(url, "troupe_kv_cache_usage_ratio") == 0);
            assertThat(process.said()).doesNotContain("ERROR");
        }
    }

    private static HttpResponse<String> ask(URI url, JsonNode golden) {
        ObjectNode body = TroupeProcess.JSON
                .createObjectNode()
                .put("model", MODEL)
                .put("temperature", 0)
                .put("max_tokens", 48);
        body.set("messages", golden.path("messages"));
        return post(url, "/v1/chat/completions", body.toString());
    }
}
