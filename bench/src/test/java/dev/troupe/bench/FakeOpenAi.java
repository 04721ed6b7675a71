package dev.troupe.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** An OpenAI-compatible server that takes every word for two tokens and says "word" as often as it is asked to, a word a millisecond. */
final class FakeOpenAi implements AutoCloseable {
    static final int TEMPLATE_TOKENS = 30;
    static final int TOKENS_A_WORD = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What was asked for, in order. */
    final List<JsonNode> asked = new CopyOnWriteArrayList<>();

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private volatile Predicate<JsonNode> overloaded = body -> false;
    private int running;
    private int mostRunning;

    FakeOpenAi() {
        server = Waiting.until(
                vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** @param requests that are refused with 503 */
    void refuse(Predicate<JsonNode> requests) {
        overloaded = requests;
    }

    synchronized int mostRunning() {
        return mostRunning;
    }

    @Override
    public void close() {
        Waiting.until(vertx.close());
    }

    private void handle(HttpServerRequest request) {
        if (request.path().equals("/v1/models")) {
            request.response().end("{\"data\":[{\"id\":\"fake\"}]}");
        } else {
            request.body().onSuccess(body -> answer(request.response(), parsed(body)));
        }
    }

    private static JsonNode parsed(Buffer body) {
        try {
            return JSON.readTree(body.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpServerResponse response, JsonNode body) {
        asked.add(body);
        if (!body.path("model").asText().equals("fake")) {
            response.setStatusCode(404)
                    .end("{\"error\":{\"message\":\"no model \\\""
                            + body.path("model").asText() + "\\\"\"}}");
            return;
        }
        if (overloaded.test(body)) {
            response.setStatusCode(503).end("{\"error\":{\"message\":\"overloaded\"}}");
            return;
        }
        running(1);
        response.setChunked(true);
        say(
                response,
                words(body),
                body.path("max_tokens").asInt(),
                body.path("max_tokens").asInt());
    }

    private void say(HttpServerResponse response, int words, int of, int left) {
        if (left > 0) {
            response.write("data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}],\"usage\":null}\n\n");
            vertx.setTimer(1, due -> say(response, words, of, left - 1));
            return;
        }
        running(-1);
        response.end("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":" + (TEMPLATE_TOKENS + TOKENS_A_WORD * words)
                + ",\"completion_tokens\":" + of + "}}\n\ndata: [DONE]\n\n");
    }

    private synchronized void running(int change) {
        running += change;
        mostRunning = Math.max(mostRunning, running);
    }

    static int words(JsonNode body) {
        return content(body).split(" ", -1).length;
    }

    static String content(JsonNode body) {
        return body.path("messages").path(0).path("content").asText();
    }
}
