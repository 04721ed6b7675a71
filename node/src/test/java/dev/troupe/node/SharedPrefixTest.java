package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.metric;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A prefix that one replica has computed, in another after the first one's death; each process is real. */
class SharedPrefixTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int CHUNK = 64;

    /** Some hundreds of tokens, and a question whose greedy answer is clear at every step. */
    private static final String QUESTION =
            "The river is long and the boat is slow, so we count the trees on the way. ".repeat(45) + "Now: 12 + 30 =";

    @Test
    void prefixOfAKilledReplicaIsFetchedByTheNextOneAndTheTextIsEqual() throws Exception {
        try (TroupeProcess router = TroupeProcess.start("node", "--roles", "router", "--port", "0")) {
            URI url = router.awaitUrl();
            String pool = router.awaitClusterAddress();
            String text;
            int chunks;
            try (TroupeProcess first = replica(pool)) {
                URI operator = first.awaitUrl();
                JsonNode computed = ask(url);
                text = text(computed);
                chunks = (computed.path("usage").path("prompt_tokens").asInt() - 1) / CHUNK;
                assertThat(chunks).isGreaterThan(4);
                assertThat(cachedTokens(computed)).isZero();

                JsonNode again = ask(url);
                assertThat(cachedTokens(again)).isGreaterThanOrEqualTo(chunks * CHUNK);
                assertThat(text(again)).isEqualTo(text);
                int expected = chunks;
                eventually(
                        SOON,
                        "all chunks in the pool",
                        () -> metric(operator, "troupe_pool_prefix_stored_chunks_total") == expected);
                double bytes = metric(operator, "troupe_pool_prefix_stored_bytes_total");
                eventually(
                        SOON,
                        "one copy of each in the router",
                        () -> metric(url, "troupe_pool_prefix_held_bytes") >= bytes);
                first.kill();
            }
            try (TroupeProcess second = replica(pool)) {
                URI operator = second.awaitUrl();
                JsonNode warm = ask(url);

                assertThat(cachedTokens(warm)).isGreaterThanOrEqualTo(chunks * CHUNK);
                assertThat(text(warm)).isEqualTo(text);
                assertThat(metric(operator, "troupe_pool_prefix_hits_total")).isEqualTo(chunks * CHUNK);
                assertThat(metric(operator, "troupe_pool_prefix_fetched_bytes_total"))
                        .isPositive();
            }
        }
    }

    private static TroupeProcess replica(String pool, String... more) throws Exception {
        List<String> line = new ArrayList<>(
                List.of("node", "--roles", "batcher,worker", "--join", pool, "--port", "0", "--kv-memory", "512m"));
        line.addAll(List.of(more));
        return TroupeProcess.start(line.toArray(String[]::new));
    }

    private static JsonNode ask(URI url) {
        List<JsonNode> answers = new ArrayList<>();
        eventually(SOON, "an answer", () -> {
            var response = post(url, "/v1/chat/completions", question(QUESTION, 16, ""));
            if (response.statusCode() == 200) {
                answers.add(json(response.body()));
            }
            return response.statusCode() == 200;
        });
        return answers.get(0);
    }

    private static String text(JsonNode answer) {
        return answer.path("choices").path(0).path("message").path("content").asText();
    }

    private static int cachedTokens(JsonNode answer) {
        return answer.path("usage")
                .path("prompt_tokens_details")
                .path("cached_tokens")
                .asInt();
    }
}
