package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static dev.troupe.node.TroupeProcess.request;
import static dev.troupe.node.TroupeProcess.send;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What SIGTERM does. */
class DrainTest {
    private static final String CHAT = "/v1/chat/completions";

    @Test
    void runningStreamEndsWhileNewRequestsAreTurnedAway() throws Exception {
        try (TroupeProcess server =
                TroupeProcess.start("serve", "--port", "0", "--kv-memory", "512m", "--drain-timeout", "2m")) {
            URI url = server.awaitUrl();
            String story = question("Tell me a story.", 150, ",\"ignore_eos\":true,\"stream\":true");
            HttpResponse<Stream<String>> stream = send(request(url, CHAT, story), HttpResponse.BodyHandlers.ofLines());
            Iterator<String> lines = stream.body().iterator();
            assertThat(lines.next()).startsWith("id: ");

            server.terminate();
            server.awaitLine("Stopping");
            HttpResponse<String> refused = post(url, CHAT, question("Hello?", 1, ""));

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            String last = "";
            while (lines.hasNext()) {
                String line = lines.next();
                last = line.isEmpty() ? last : line;
            }
            assertThat(last).isEqualTo("data: [DONE]");
            assertThat(server.awaitExit(Duration.ofSeconds(30))).isZero();
        }
    }

    @Test
    void drainTimeoutCutsAnEndlessStreamShortAndSaysSo() throws Exception {
        try (TroupeProcess server =
                TroupeProcess.start("serve", "--port", "0", "--kv-memory", "1g", "--drain-timeout", "1s")) {
            URI url = server.awaitUrl();
            String endless = question("Tell me a story.", 7000, ",\"ignore_eos\":true,\"stream\":true");
            Iterator<String> lines = send(request(url, CHAT, endless), HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .iterator();
            assertThat(lines.next()).startsWith("id: ");

            server.terminate();

            assertThat(server.awaitExit(Duration.ofSeconds(40))).isEqualTo(1);
            assertThat(server.said()).contains("before everything had ended");
        }
    }
}
