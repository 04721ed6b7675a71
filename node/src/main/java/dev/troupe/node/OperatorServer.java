package dev.troupe.node;

import dev.troupe.router.MetricsText;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

/** Health and metrics of a process without a router, for those who run it. */
final class OperatorServer {
    private final Vertx vertx;
    private final CollectorRegistry registry;
    private final HttpServer server;
    private volatile boolean ready;

    private OperatorServer(Vertx vertx, String host, int port, CollectorRegistry registry) {
        this.vertx = vertx;
        this.registry = registry;
        this.server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(host).setPort(port))
                .requestHandler(this::answer);
    }

    /** @return completes when HTTP is open; fails with a message that names the address when it cannot be */
    static Future<OperatorServer> listen(Vertx vertx, String host, int port, CollectorRegistry registry) {
        DefaultExports.register(registry);
        OperatorServer operator = new OperatorServer(vertx, host, port, registry);
        return operator.server
                .listen()
                .map(operator)
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "cannot listen at " + host + ":" + port + ": " + failure.getMessage()
                                + "; choose another port or host",
                        failure)));
    }

    /** The process has all its parts. */
    void ready() {
        ready = true;
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/health/live" -> json(request, 200, "{\"status\":\"live\"}");
            case "/health/ready" ->
                json(request, ready ? 200 : 503, ready ? "{\"status\":\"ready\"}" : "{\"status\":\"not_ready\"}");
            case "/metrics" -> metrics(request);
            default ->
                json(
                        request,
                        404,
                        "{\"error\":{\"message\":\"This process has no router: /health/live, /health/ready"
                                + " and /metrics are all it answers.\",\"type\":\"invalid_request_error\",\"param\":null,"
                                + "\"code\":\"unknown_url\"}}");
        }
    }

    private static void json(HttpServerRequest request, int status, String body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(body);
    }

    private void metrics(HttpServerRequest request) {
        vertx.executeBlocking(() -> MetricsText.of(registry), false)
                .onSuccess(text -> MetricsText.answer(request.response(), text));
    }
}
