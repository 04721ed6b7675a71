package dev.troupe.router.http;

import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.Json;
import dev.troupe.router.stream.Delta;
import io.vertx.core.http.HttpServerResponse;

/** The client is told that its request is taken, and comes back for the answer. */
final class BackgroundAnswer implements Answer {
    private final HttpServerResponse response;
    private final String streamId;
    private boolean told;

    BackgroundAnswer(HttpServerResponse response, String streamId) {
        this.response = response;
        this.streamId = streamId;
    }

    @Override
    public void start() {
        told = true;
        inProgress(response, streamId);
    }

    static void inProgress(HttpServerResponse response, String streamId) {
        Responses.json(
                response.putHeader("retry-after", "1"),
                202,
                Json.object().put("id", streamId).put("object", "stream").put("status", "in_progress"));
    }

    @Override
    public void text(int index, Delta delta) {}

    @Override
    public void flush() {}

    @Override
    public void finish(Usage usage) {}

    @Override
    public void fail(ApiError error) {
        if (!told) {
            Responses.error(response, error);
        }
    }

    @Override
    public boolean full() {
        return false;
    }

    @Override
    public void tick(long now) {}
}
