package dev.troupe.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.journal.Journal.Claim;
import dev.troupe.cache.journal.JournalCommand.Addition;
import dev.troupe.cache.journal.JournaledStream;
import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cache.journal.StreamIds;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.generate.Pool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal as this router's requests use it. Futures complete on the router's thread, and none waits for ever. */
public final class StreamBook {
    private static final Logger log = LoggerFactory.getLogger(StreamBook.class);
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final int RETRY_SECONDS = 1;

    private final Journal journal;
    private final String routerId;
    private final Pool.Timers timers;
    private final StreamIds ids = new StreamIds();
    /** Ended here, though the journal may not say so yet: nothing that is to be gone on with. */
    private final Set<String> closing = new HashSet<>();

    public StreamBook(Journal journal, String routerId, Pool.Timers timers) {
        this.journal = journal;
        this.routerId = routerId;
        this.timers = timers;
    }

    String nextId(String prefix) {
        return ids.next(prefix);
    }

    Future<Void> open(StreamHead head, int term) {
        return await(journal.open(head, routerId, term));
    }

    /** Nobody waits for it: should it be lost with this router, the next one finds the request complete and closes it. */
    void close(String streamId, int term, List<Addition> rest, Outcome outcome) {
        closing.add(streamId);
        journal.close(streamId, routerId, term, rest, outcome)
                .whenComplete((done, failure) -> timers.run(() -> {
                    closing.remove(streamId);
                    if (failure != null) {
                        log.warn("The end of {} is not written down: {}", streamId, failure.getMessage());
                    }
                }));
    }

    boolean isClosing(String streamId) {
        return closing.contains(streamId);
    }

    Future<Optional<JournaledStream>> read(String streamId, String tenant, List<Integer> from) {
        return await(journal.read(streamId, tenant, from));
    }

    Future<Optional<JournaledStream>> cancel(String streamId, String tenant) {
        return await(journal.cancel(streamId, tenant));
    }

    Future<Claim> claim(String tenant, String key, Claim claim) {
        return await(journal.claim(tenant, key, claim));
    }

    Future<Void> release(String tenant, String key, Claim claim) {
        return await(journal.release(tenant, key, claim));
    }

    private <T> Future<T> await(CompletionStage<T> stage) {
        Promise<T> promise = Promise.promise();
        stage.whenComplete((value, failure) -> timers.run(() -> {
            if (failure == null) {
                promise.tryComplete(value);
            } else {
                log.warn("The journal failed", failure);
                promise.tryFail(new ApiException(unavailable()));
            }
        }));
        if (!promise.future().isComplete()) {
            timers.after(TIMEOUT_MILLIS, () -> promise.tryFail(new ApiException(unavailable())));
        }
        return promise.future();
    }

    private static ApiError unavailable() {
        return ApiError.unavailable(
                "journal_unavailable",
                "The pool cannot write requests down now, and so cannot promise to end them. Please try again soon.",
                RETRY_SECONDS);
    }

    /** What is told of a stream that somebody has stopped. */
    public static ApiError cancelled(String id) {
        return new ApiError(
                410,
                "The stream `" + id + "` was cancelled before its end.",
                "invalid_request_error",
                Optional.empty(),
                Optional.of("stream_cancelled"),
                OptionalInt.empty());
    }

    /** An error as it is kept. */
    static String text(ApiError error) {
        ObjectNode kept = error.toJson().put("status", error.status());
        error.retryAfterSeconds().ifPresent(seconds -> kept.put("retry_after", seconds));
        return kept.toString();
    }

    /** @return what {@link #text} was made of */
    static ApiError error(String text) {
        JsonNode kept = Json.parse(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        JsonNode error = kept.path("error");
        return new ApiError(
                kept.path("status").asInt(),
                error.path("message").asText(),
                error.path("type").asText(),
                Optional.ofNullable(error.path("param").textValue()),
                Optional.ofNullable(error.path("code").textValue()),
                kept.has("retry_after") ? OptionalInt.of(kept.get("retry_after").asInt()) : OptionalInt.empty());
    }
}
