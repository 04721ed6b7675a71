package dev.troupe.router.http;

import dev.troupe.cache.journal.Bytes;
import dev.troupe.cache.journal.Journal.Claim;
import dev.troupe.cache.journal.StreamHead;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ApiRequest;
import dev.troupe.router.api.GenerationOptions;
import dev.troupe.router.conversation.ConversationAccess;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.prompt.PreparedPrompt;
import dev.troupe.router.prompt.PromptPreparation;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.tenant.Caller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST} of a prompt: body, fields, model, tokens, journal, pool. */
final class CompletionRoute {
    static final String STREAM_ID = "x-troupe-stream-id";
    private static final Logger log = LoggerFactory.getLogger(CompletionRoute.class);
    private static final int RETRY_SECONDS = 1;
    private static final String IDEMPOTENCY_KEY = "idempotency-key";
    private static final int LONGEST_KEY = 255;
    /** How long an answer can be asked for after its end: when it was asked to be kept, and otherwise. */
    private static final long KEPT_MILLIS = 3_600_000;

    private static final long NOT_KEPT_MILLIS = 300_000;
    /** A name is bound before its request is written down; for this long the one may be seen without the other. */
    private static final int LOOKS_FOR_A_CLAIMED_STREAM = 10;

    private static final long BETWEEN_LOOKS_MILLIS = 200;
    private static final SecureRandom SEEDS = new SecureRandom();

    private final Kind kind;
    private final Vertx vertx;
    private final Exchanges exchanges;
    private final Models models;
    private final Generations generations;
    private final StreamBook book;
    private final StreamRoute streams;
    private final JsonBodies bodies;
    private final Optional<ConversationAccess> conversations;
    private final WorkerExecutor workers;
    private final RouterConfig config;
    private final HttpParts parts;

    CompletionRoute(Kind kind, Vertx vertx, JsonBodies bodies, StreamRoute streams, HttpParts parts) {
        this.kind = kind;
        this.vertx = vertx;
        this.bodies = bodies;
        this.streams = streams;
        this.parts = parts;
        this.exchanges = parts.exchanges();
        this.models = parts.models();
        this.generations = parts.generations();
        this.book = parts.book();
        this.workers = parts.workers();
        this.config = parts.config();
        this.conversations = parts.conversations();
    }

    void handle(HttpServerRequest request, Caller caller) {
        boolean crowded = exchanges.size() >= config.maxRequests();
        Exchange exchange = exchanges.open(kind.idPrefix(), request, caller);
        if (exchanges.isDraining()) {
            exchange.fail(ApiError.unavailable(
                    "draining", "This server is leaving. Please send the request again.", RETRY_SECONDS));
            return;
        }
        if (exchanges.isCutOff()) {
            exchange.fail(Refusals.noMajority());
            return;
        }
        if (crowded) {
            exchange.fail(ApiError.rateLimited(
                    "This server has " + config.maxRequests() + " requests at work. Please try again later.",
                    RETRY_SECONDS));
            return;
        }
        bodies.read(request)
                .compose(body ->
                        bodies.parse(body, kind::read).compose(parsed -> accept(exchange, request, body, parsed)))
                .onFailure(failure -> exchange.fail(error(exchange, failure)));
    }

    private Future<Void> accept(Exchange exchange, HttpServerRequest request, Buffer body, ApiRequest parsed) {
        exchange.share(ShareHeaders.of(request, exchange.caller()));
        String key = request.getHeader(IDEMPOTENCY_KEY);
        if (key == null) {
            return begin(exchange, body, parsed, parsed.options().background());
        }
        if (key.isBlank() || key.length() > LONGEST_KEY) {
            return Future.failedFuture(new ApiException(ApiError.field(
                    "Idempotency-Key",
                    "invalid_value",
                    "Idempotency-Key takes 1 to " + LONGEST_KEY + " characters, and has " + key.length() + ".")));
        }
        return claim(exchange, request, body, parsed, new Named(key, hash(body)), LOOKS_FOR_A_CLAIMED_STREAM);
    }

    /** A request with a name of its client's. */
    private record Named(String key, String bodyHash) {}

    /** The first request of a name is served; the others are told what comes of it. */
    private Future<Void> claim(
            Exchange exchange, HttpServerRequest request, Buffer body, ApiRequest parsed, Named named, int looks) {
        Claim mine = new Claim(exchange.id(), named.bodyHash());
        String tenant = exchange.caller().name();
        return book.claim(tenant, named.key(), mine).compose(bound -> {
            if (bound.equals(mine)) {
                exchange.onUnanswered(() -> book.release(tenant, named.key(), mine));
                return request.getHeader(StreamRoute.LAST_EVENT_ID) == null
                        ? begin(exchange, body, parsed, true)
                        : Future.failedFuture(new ApiException(nothingToComeBackTo()));
            }
            if (!bound.bodyHash().equals(named.bodyHash())) {
                return Future.failedFuture(new ApiException(reused()));
            }
            return book.read(bound.streamId(), tenant, List.of()).compose(found -> {
                if (found.isPresent()) {
                    exchange.dismiss();
                    streams.follow(request, found.get(), !parsed.options().background());
                    return Future.succeededFuture();
                }
                // Its router died between the two, or it was forgotten: the name is free again.
                Future<Void> freed = looks > 0 ? pause() : book.release(tenant, named.key(), bound);
                return freed.compose(ready -> claim(exchange, request, body, parsed, named, Math.max(0, looks - 1)));
            });
        });
    }

    private Future<Void> pause() {
        Promise<Void> passed = Promise.promise();
        vertx.setTimer(BETWEEN_LOOKS_MILLIS, timer -> passed.complete());
        return passed.future();
    }

    /** @param kept whether it goes on without its client */
    private Future<Void> begin(Exchange exchange, Buffer body, ApiRequest request, boolean kept) {
        exchange.checkLimits();
        ServedModel model = models.find(request.options().model(), exchange.caller());
        exchange.model(model.id());
        models.checkRoom(model, exchange.caller().name(), exchange.share().priority());
        PromptPreparation preparation = new PromptPreparation(model, models.contextLength(model));
        return ConversationTurn.begin(conversations, exchange, request, model)
                .compose(history -> workers.executeBlocking(() -> preparation.prepare(request, history), false))
                .compose(prompts -> {
                    StreamHead head = head(exchange, body, request.options(), model, prompts, kept);
                    return exchange.reserve(head)
                            .compose(reserved -> book.open(head, 1))
                            .map(head);
                })
                .map(head -> {
                    // Written down is written down, though the client may have gone meanwhile.
                    exchange.written(head, kept);
                    if (exchange.isOver()) {
                        book.close(head.streamId(), 1, List.of(), dev.troupe.cache.journal.Outcome.CANCELLED);
                    } else {
                        begin(exchange, new Told(head, request, model));
                    }
                    return null;
                });
    }

    private void begin(Exchange exchange, Told told) {
        exchange.response().putHeader(STREAM_ID, exchange.id());
        exchange.begin(answer(exchange, told), told.specs(exchange.share()), generations);
    }

    private Answer answer(Exchange exchange, Told told) {
        if (told.options().background()) {
            return new BackgroundAnswer(exchange.response(), exchange.id());
        }
        StreamPosition begin = StreamPosition.begin(told.head().choices());
        return told.options().stream()
                ? told.stream(exchange.response(), config, parts.clock(), begin, false)
                : told.whole(exchange.response());
    }

    private StreamHead head(
            Exchange exchange,
            Buffer body,
            GenerationOptions options,
            ServedModel model,
            List<PreparedPrompt> prompts,
            boolean kept) {
        TokenIds stopTokens = options.ignoreEos() ? TokenIds.EMPTY : model.stopTokens();
        List<StreamHead.Prompt> written = new ArrayList<>();
        for (PreparedPrompt prompt : prompts) {
            written.add(new StreamHead.Prompt(
                    prompt.tokens(),
                    options.choices(),
                    options.sampling().resolve(prompt.maxTokens(), stopTokens, SEEDS.nextLong()),
                    prompt.echo()));
        }
        return new StreamHead(
                exchange.id(),
                exchange.caller().name(),
                exchange.caller().keyId(),
                kind.path(),
                Bytes.of(body.getBytes()),
                Instant.now().getEpochSecond(),
                model.card().fingerprint(),
                kept,
                kept ? KEPT_MILLIS : NOT_KEPT_MILLIS,
                written);
    }

    /** Told from its beginning, another answer would be added to what the client has. */
    private static ApiError nothingToComeBackTo() {
        return ApiError.notFound(
                "stream_not_found",
                "Nothing is known of the stream that Last-Event-ID is of. Without Last-Event-ID the request is begun anew.");
    }

    private String hash(Buffer body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(kind.path().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(body.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ApiError reused() {
        return ApiError.field(
                "Idempotency-Key",
                "idempotency_key_reused",
                "This Idempotency-Key was used with another body. Send the same body again, or take a new key.");
    }

    static ApiError error(Exchange exchange, Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        if (failure instanceof HttpClosedException) {
            // Nobody is there to read it; the access log counts the request as abandoned.
            return ApiError.internal("client_closed", "The connection closed before the request was whole.");
        }
        log.error("Request {} failed in the router", exchange.id(), failure);
        return ApiError.internal("internal_error", "The server made an error. Its log says which.");
    }
}
