package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.get;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several real processes that are one pool. */
class PoolTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final Duration SOON = Duration.ofMinutes(1);

    @Test
    void routerWithoutAModelServesThoseOfThePoolAndOutlivesOneOfThem() throws Exception {
        try (TroupeProcess router = TroupeProcess.start("node", "--roles", "router", "--port", "0")) {
            URI url = router.awaitUrl();
            assertThat(post(url, CHAT, question("Hello", 1, "")).statusCode()).isIn(404, 503);
            String pool = router.awaitClusterAddress();

            try (TroupeProcess first = worker(pool)) {
                first.awaitLine("Pool of 2");
                assertThatChatWorks(url);

                try (TroupeProcess second = worker(pool, "--port", "0")) {
                    second.awaitLine("Pool of 3");
                    second.awaitLine("Ready");
                    URI operator = second.awaitUrl();
                    assertThat(get(operator, "/health/ready")).contains("\"ready\"");
                    first.kill();

                    eventually(SOON, "an answer from the second worker", () -> answers(url));
                    assertThatChatWorks(url);
                    assertThat(get(operator, "/metrics")).contains("troupe_step_duration_seconds_count", "jvm_memory");
                    assertThat(get(operator, "/v1/models")).contains("unknown_url");

                    second.terminate();
                    assertThat(second.awaitExit(SOON)).isZero();
                    eventually(SOON, "a router that has noticed", () -> !get(url, "/health/ready")
                            .contains("\"ready\""));
                }
            }
            router.terminate();
            assertThat(router.awaitExit(SOON)).isZero();
        }
    }

    @Test
    void badJoinIsOneLine() throws Exception {
        try (TroupeProcess wrong = TroupeProcess.start("node", "--roles", "router", "--join", "not an address")) {
            assertThat(wrong.awaitExit(SOON)).isEqualTo(1);
            assertThat(wrong.said()).contains("--join").doesNotContain("\tat ");
        }
    }

    private static TroupeProcess worker(String pool, String... more) throws Exception {
        List<String> line =
                new ArrayList<>(List.of("node", "--roles", "batcher,worker", "--join", pool, "--kv-memory", "512m"));
        line.addAll(List.of(more));
        return TroupeProcess.start(line.toArray(String[]::new));
    }

    private static boolean answers(URI url) {
        return post(url, CHAT, question("Hello", 1, "")).statusCode() == 200;
    }

    private static void assertThatChatWorks(URI url) {
        eventually(SOON, "an answer", () -> answers(url));
        HttpResponse<String> response = post(url, CHAT, question("12 + 30 =", 16, ""));
        assertThat(json(response.body())
                        .path("choices")
                        .path(0)
                        .path("message")
                        .path("content")
                        .asText())
                .startsWith("The answer is 12 + 30 = 32.");
    }
}
