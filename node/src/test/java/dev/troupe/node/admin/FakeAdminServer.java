package dev.troupe.node.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Answers what it was told to, and remembers what it was asked. */
final class FakeAdminServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    final LinkedBlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final HttpServer server;

    record Answer(int status, String body) {}

    /** @param body empty object when there was none */
    record Asked(String line, Optional<String> authorization, JsonNode body) {}

    FakeAdminServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param line method and path, such as {@code GET /admin/v1/keys} */
    void answer(String line, int status, String body) {
        answers.put(line, new Answer(status, body));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(new Asked(
                line,
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                json(new String(exchange.getRequestBody().readAllBytes(), UTF_8))));
        Answer answer = answers.getOrDefault(
                line,
                new Answer(404, "{\"error\":{\"message\":\"Invalid URL (" + line + ")\",\"code\":\"unknown_url\"}}"));
        byte[] bytes = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    static JsonNode json(String text) {
        try {
            return text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
