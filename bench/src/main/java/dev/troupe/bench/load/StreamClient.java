package dev.troupe.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks one server, over as many connections as there are requests at a time. Of the event loop of whoever calls. */
public final class StreamClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECTIONS = 65_535;
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Endpoint endpoint;
    private final Duration silence;
    private long chunks;

    /** @param silence how long a server may say nothing before its answer counts as failed */
    public StreamClient(Vertx vertx, Endpoint endpoint, Duration silence) {
        this.endpoint = endpoint;
        this.silence = silence;
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) CONNECT.toMillis())
                // Servers close kept connections when they like, llama.cpp's under load, and a request on its way then
                // is lost.
                .setKeepAlive(false);
        this.http = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS))
                .build();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** @return how many chunks with text have come so far, over all requests */
    long chunks() {
        return chunks;
    }

    /** @return the ids that the server can serve now; fails with a message for the user */
    public Future<List<String>> models() {
        return http.request(options(HttpMethod.GET, "/models"))
                .compose(HttpClientRequest::send)
                .compose(response -> response.body().map(body -> ids(response, body)));
    }

    private static List<String> ids(HttpClientResponse response, Buffer body) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException(refusal(response, body));
        }
        try {
            List<String> ids = new ArrayList<>();
            for (JsonNode model : JSON.readTree(body.getBytes()).path("data")) {
                ids.add(model.path("id").asText());
            }
            return ids;
        } catch (IOException e) {
            throw new IllegalStateException("the answer to /v1/models is not JSON", e);
        }
    }

    /**
     * Sends one streamed chat completion.
     *
     * @return what came of it; never fails
     */
    public Future<Exchange> ask(Buffer body) {
        Promise<Exchange> result = Promise.promise();
        long asked = System.nanoTime();
        http.request(options(HttpMethod.POST, "/chat/completions").putHeader("Content-Type", "application/json"))
                .onComplete(
                        request -> send(request, body, result),
                        failure ->
                                result.complete(Exchange.failed((System.nanoTime() - asked) / 1e9, reason(failure))));
        return result.future();
    }

    private void send(HttpClientRequest request, Buffer body, Promise<Exchange> result) {
        StreamRecorder recorder = new StreamRecorder(System.nanoTime());
        request.send(body)
                .onComplete(
                        response -> receive(response, recorder, result),
                        failure -> result.tryComplete(recorder.fail(System.nanoTime(), reason(failure))));
    }

    private void receive(HttpClientResponse response, StreamRecorder recorder, Promise<Exchange> result) {
        response.exceptionHandler(failure -> result.tryComplete(recorder.fail(System.nanoTime(), reason(failure))));
        if (response.statusCode() != 200) {
            response.body()
                    .onSuccess(body -> result.tryComplete(recorder.fail(System.nanoTime(), refusal(response, body))));
            return;
        }
        response.handler(bytes -> chunks += recorder.bytes(System.nanoTime(), bytes.getBytes()));
        response.endHandler(end -> result.tryComplete(recorder.end(System.nanoTime())));
    }

    private RequestOptions options(HttpMethod method, String path) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(endpoint.base() + path)
                .setIdleTimeout(silence.toMillis());
        endpoint.apiKey().ifPresent(key -> options.putHeader("Authorization", "Bearer " + key));
        return options;
    }

    private static String refusal(HttpClientResponse response, Buffer body) {
        return "the server answered " + response.statusCode() + ": " + StreamRecorder.errorMessage(body.toString());
    }

    /** @return why, in a few words */
    public static String reason(Throwable failure) {
        if (failure instanceof ConnectException) {
            return "the connection was refused";
        }
        return Optional.ofNullable(failure.getMessage())
                .orElse(failure.getClass().getSimpleName());
    }
}
