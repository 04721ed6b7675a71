package dev.troupe.node.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.troupe.node.chat.ChatClient.Message;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChatClientTest {
    private static final List<Message> HELLO = List.of(new Message("user", "hello"));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private ChatClient client;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        client = new ChatClient(
                HttpClient.newHttpClient(),
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"),
                Optional.empty(),
                0.3);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void answerIsHandedOverPieceByPiece() throws Exception {
        answer(exchange -> {
            send(exchange, event("Gr") + ": keep-alive\n\n" + event("üß") + "data: [DONE]\n\n");
            exchange.close();
        });
        StringBuilder pieces = new StringBuilder();

        String whole = client.complete("m", HELLO, piece -> pieces.append(piece).append('|'));

        assertThat(whole).isEqualTo("Grüß");
        assertThat(pieces.toString()).isEqualTo("Gr|üß|");
    }

    @Test
    void keyIsShownWhereThereIsOneAndNothingElsewhere() throws Exception {
        BlockingQueue<Optional<String>> shown = new LinkedBlockingQueue<>();
        answer(exchange -> {
            shown.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")));
            send(exchange, event("a") + "data: [DONE]\n\n");
            exchange.close();
        });
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());

        new ChatClient(HttpClient.newHttpClient(), url, Optional.of("sk-mine"), 0.3).complete("m", HELLO, piece -> {});
        client.complete("m", HELLO, piece -> {});

        assertThat(shown).containsExactly(Optional.of("Bearer sk-mine"), Optional.empty());
    }

    @Test
    void streamThatBreaksOffIsAnError() {
        answer(exchange -> {
            send(exchange, event("half"));
            exchange.close();
        });

        assertThatThrownBy(() -> client.complete("m", HELLO, piece -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broke off");
    }

    @Test
    void refusalCarriesTheServersWords() {
        answer(exchange -> {
            byte[] body = "{\"error\":{\"message\":\"queue is full\"}}".getBytes(UTF_8);
            exchange.sendResponseHeaders(429, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });

        assertThatThrownBy(() -> client.complete("m", HELLO, piece -> {}))
                .hasMessage("the server answered 429: queue is full");
    }

    @Test
    void errorInsideTheStreamCarriesTheServersWords() {
        answer(exchange -> {
            send(exchange, event("a") + "data: {\"error\":{\"message\":\"replica lost\"}}\n\n");
            exchange.close();
        });

        assertThatThrownBy(() -> client.complete("m", HELLO, piece -> {})).hasMessage("replica lost");
    }

    @Test
    void cancelKeepsWhatCameAndFreesTheClientForTheNextQuestion() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        answer(exchange -> {
            send(exchange, event("first"));
            await(hold);
        });
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

        String answer =
                client.complete("m", HELLO, piece -> threads.execute(() -> cancelled.complete(client.cancel())));

        assertThat(cancelled.get()).isTrue();
        assertThat(answer).isEqualTo("first");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(client.cancel()).isFalse();
        hold.countDown();
    }

    @Test
    void cancelBeforeTheFirstTokenEndsTheQuestion() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch hold = new CountDownLatch(1);
        answer(exchange -> {
            asked.countDown();
            await(hold);
        });
        threads.execute(() -> {
            await(asked);
            client.cancel();
        });

        assertThat(client.complete("m", HELLO, piece -> {})).isEmpty();
        hold.countDown();
    }

    @Test
    void conversationSendsWhatWasSaidBefore() throws Exception {
        StringBuilder bodies = new StringBuilder();
        answer(exchange -> {
            bodies.append(new String(exchange.getRequestBody().readAllBytes(), UTF_8))
                    .append('\n');
            send(exchange, event("fine") + "data: [DONE]\n\n");
            exchange.close();
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BufferedReader in = new BufferedReader(new StringReader("how are you\n\nand now\n"));

        new Conversation(client, "m", "be brief", in, new PrintStream(out, true, UTF_8)).run();

        assertThat(out.toString(UTF_8)).contains("> fine");
        assertThat(bodies.toString().lines()).hasSize(2);
        assertThat(bodies.toString().lines().skip(1).findFirst().orElseThrow())
                .contains("be brief", "how are you", "fine", "and now");
    }

    private void answer(HttpHandler handler) {
        server.createContext("/v1/chat/completions", handler);
    }

    private static String event(String text) {
        return "data: {\"choices\":[{\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
