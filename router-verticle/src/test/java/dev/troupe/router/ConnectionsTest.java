package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.GenerateRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionsTest {
    private static RouterFixture pool;

    @BeforeAll
    static void start() throws Exception {
        pool = new RouterFixture(16300);
        pool.ready();
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @Test
    void connectionsOnWhichNobodyAsksAnythingAreClosed() {
        assertThat(untilClosed("")).isEmpty();
        assertThat(untilClosed("POST /v1/chat/completions HTTP/1.1\r\nHos")).isEmpty();
        assertThat(untilClosed("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")).contains("200 OK", "live");
    }

    @Test
    void anAnswerMayTakeLongerThanAConnectionMayBeIdle() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> pool.chat(""));
        GenerateRequest request = FakeReplica.take(pool.replica.requests);
        untilClosed(""); // as long as an idle one lives

        pool.replica.say(request, "at last");

        assertThat(answer.get(10, TimeUnit.SECONDS).body()).contains("at last");
    }

    private static String untilClosed(String said) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pool.router.port())) {
            socket.setSoTimeout((int) RouterFixture.IDLE_TIMEOUT.multipliedBy(3).toMillis());
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new AssertionError("the connection was not closed in time", e);
        }
    }
}
