package dev.troupe.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Whole responses; to a client that has gone, nothing. */
final class Responses {
    private Responses() {}

    static void json(HttpServerResponse response, int status, JsonNode body) {
        if (!response.ended() && !response.closed()) {
            response.setStatusCode(status)
                    .putHeader("content-type", "application/json")
                    .end(Buffer.buffer(Json.bytes(body)));
        }
    }

    /** Closes the connection in the middle of an answer. */
    static void cut(HttpServerResponse response) {
        if (!response.ended() && !response.closed()) {
            response.reset();
        }
    }

    static void error(HttpServerResponse response, ApiError error) {
        error.retryAfterSeconds().ifPresent(seconds -> response.putHeader("retry-after", Integer.toString(seconds)));
        json(response, error.status(), error.toJson());
    }
}
