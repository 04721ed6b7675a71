package dev.troupe.router.http;

import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.StopStream;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.tenant.Caller;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET} and {@code DELETE /v1/streams/{id}}: an answer that some router works on, or has ended, told from where a client has come to. */
final class StreamRoute {
    static final String PATH = "/v1/streams/";
    private static final Logger log = LoggerFactory.getLogger(StreamRoute.class);
    static final String LAST_EVENT_ID = "last-event-id";
    private static final int RETRY_SECONDS = 1;

    private final Vertx vertx;
    private final StreamBook book;
    private final Exchanges exchanges;
    private final Models models;
    private final RouterConfig config;
    private final LongSupplier clock;

    StreamRoute(Vertx vertx, HttpParts parts) {
        this.vertx = vertx;
        this.book = parts.book();
        this.exchanges = parts.exchanges();
        this.models = parts.models();
        this.config = parts.config();
        this.clock = parts.clock();
    }

    void get(HttpServerRequest request, Caller caller) {
        String id = request.path().substring(PATH.length());
        HttpServerResponse response = request.response();
        book.read(id, caller.name(), List.of())
                .onSuccess(found -> found.ifPresentOrElse(
                        stream -> follow(request, stream, false), () -> Responses.error(response, unknown(id))))
                .onFailure(failure -> Responses.error(response, error(failure)));
    }

    void delete(HttpServerRequest request, Caller caller) {
        String id = request.path().substring(PATH.length());
        HttpServerResponse response = request.response();
        book.cancel(id, caller.name())
                .onSuccess(found -> found.ifPresentOrElse(
                        stream -> stopped(response, stream), () -> Responses.error(response, unknown(id))))
                .onFailure(failure -> Responses.error(response, error(failure)));
    }

    private void stopped(HttpServerResponse response, JournaledStream stream) {
        String id = stream.head().streamId();
        // Should this be lost, the router hears it from the journal with the next token.
        Bus.of(vertx).send(Addresses.stop(stream.owner()), new StopStream(id));
        Responses.json(
                response,
                200,
                Json.object()
                        .put("id", id)
                        .put("object", "stream")
                        .put("status", status(stream.outcome().orElse(Outcome.CANCELLED))));
    }

    private static String status(Outcome outcome) {
        return switch (outcome.kind()) {
            case DONE -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
        };
    }

    /** @param wait whether an answer that is told whole is waited for */
    void follow(HttpServerRequest request, JournaledStream stream, boolean wait) {
        try {
            follow(request, stream, understood(stream), wait);
        } catch (ApiException e) {
            Responses.error(request.response(), e.error());
        }
    }

    private Told understood(JournaledStream stream) {
        return Told.of(stream.head(), models)
                .orElseThrow(() -> new ApiException(ApiError.unavailable(
                        "model_loading",
                        "This router does not know the model of this answer yet. Please try again soon.",
                        RETRY_SECONDS)));
    }

    private void follow(HttpServerRequest request, JournaledStream stream, Told told, boolean wait) {
        HttpServerResponse response = request.response();
        response.putHeader(CompletionRoute.STREAM_ID, stream.head().streamId());
        int choices = stream.head().choices();
        String last = Optional.ofNullable(request.getHeader(LAST_EVENT_ID)).orElse("");
        StreamPosition from = last.isEmpty() ? StreamPosition.begin(choices) : position(last, choices);
        if (told.options().stream()) {
            if (last.equals(StreamPosition.DONE)) {
                // What tells an EventSource not to come back.
                response.setStatusCode(204).end();
                return;
            }
            boolean usageTold = last.equals(StreamPosition.USAGE);
            Replay replay = told.replay(from);
            start(response, stream, replay, told.stream(response, config, clock, from, usageTold));
        } else if (stream.outcome().isEmpty() && !wait) {
            BackgroundAnswer.inProgress(response, stream.head().streamId());
        } else {
            start(response, stream, told.replay(StreamPosition.begin(choices)), told.whole(response));
        }
    }

    private void start(HttpServerResponse response, JournaledStream stream, Replay replay, Answer answer) {
        new Follower(vertx, book, exchanges, response, stream, replay, answer).start();
    }

    private static StreamPosition position(String last, int choices) {
        return StreamPosition.parse(last, choices)
                .orElseThrow(
                        () -> new ApiException(
                                ApiError.field(
                                        "Last-Event-ID",
                                        "invalid_value",
                                        "Last-Event-ID " + Json.excerpt(last)
                                                + " is no id of an event of this stream. Send the id of the last event that you got, or none.")));
    }

    static ApiError unknown(String id) {
        return new ApiError(
                404,
                "No stream `" + Json.excerpt(id) + "` is known. Answers are kept for some minutes after their end.",
                "invalid_request_error",
                Optional.empty(),
                Optional.of("stream_not_found"),
                OptionalInt.empty());
    }

    private static ApiError error(Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        log.error("A stream could not be told", failure);
        return ApiError.internal("internal_error", "The server made an error. Its log says which.");
    }
}
