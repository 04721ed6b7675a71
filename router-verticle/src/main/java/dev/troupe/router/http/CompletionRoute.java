package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.ApiRequest;
import dev.troupe.router.api.ChatRequest;
import dev.troupe.router.api.GenerationOptions;
import dev.troupe.router.api.Json;
import dev.troupe.router.generate.GenerationSpec;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.prompt.PreparedPrompt;
import dev.troupe.router.prompt.PromptPreparation;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.stream.StopStrings;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST} of a prompt: body, fields, model, tokens, pool. */
final class CompletionRoute {
    private static final Logger log = LoggerFactory.getLogger(CompletionRoute.class);
    /** A larger body is parsed on a worker thread; a smaller one takes well under a millisecond. */
    private static final int PARSED_HERE = 32 << 10;

    private static final int RETRY_SECONDS = 1;
    private static final SecureRandom SEEDS = new SecureRandom();

    private final String idPrefix;
    private final Function<ObjectNode, ApiRequest> fields;
    private final Exchanges exchanges;
    private final Models models;
    private final Generations generations;
    private final BodyReader bodies;
    private final WorkerExecutor workers;
    private final RouterConfig config;
    private final LongSupplier clock;

    CompletionRoute(String idPrefix, Function<ObjectNode, ApiRequest> fields, BodyReader bodies, HttpParts parts) {
        this.idPrefix = idPrefix;
        this.fields = fields;
        this.bodies = bodies;
        this.exchanges = parts.exchanges();
        this.models = parts.models();
        this.generations = parts.generations();
        this.workers = parts.workers();
        this.config = parts.config();
        this.clock = parts.clock();
    }

    void handle(HttpServerRequest request) {
        boolean crowded = exchanges.size() >= config.maxRequests();
        Exchange exchange = exchanges.open(idPrefix, request);
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
        read(request)
                .compose(this::parse)
                .compose(parsed -> begin(exchange, parsed))
                .onFailure(failure -> exchange.fail(error(exchange, failure)));
    }

    private Future<Buffer> read(HttpServerRequest request) {
        String type = request.getHeader("content-type");
        String encoding = request.getHeader("content-encoding");
        if (type == null || !isJson(type)) {
            return Future.failedFuture(new ApiException(ApiError.unsupportedMediaType(type == null ? "none" : type)));
        }
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return Future.failedFuture(
                    new ApiException(ApiError.unsupportedMediaType(type + ", Content-Encoding " + encoding)));
        }
        return bodies.read(request);
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/json");
    }

    private Future<ApiRequest> parse(Buffer body) {
        if (body.length() > PARSED_HERE) {
            return workers.executeBlocking(() -> fields.apply(Json.parse(body.getBytes())), false);
        }
        return Future.succeededFuture(fields.apply(Json.parse(body.getBytes())));
    }

    private Future<Void> begin(Exchange exchange, ApiRequest request) {
        ServedModel model = models.find(request.options().model());
        exchange.model(model.id());
        PromptPreparation preparation = new PromptPreparation(model, models.contextLength(model));
        return workers.executeBlocking(() -> preparation.prepare(request), false)
                .map(prompts -> {
                    if (!exchange.isOver()) {
                        exchange.begin(
                                answer(exchange, request, model, prompts),
                                specs(exchange.id(), request.options(), model, prompts),
                                generations);
                    }
                    return null;
                });
    }

    private static List<GenerationSpec> specs(
            String id, GenerationOptions options, ServedModel model, List<PreparedPrompt> prompts) {
        TokenIds stopTokens = options.ignoreEos() ? TokenIds.EMPTY : model.stopTokens();
        StopStrings stops = StopStrings.of(options.stop());
        List<GenerationSpec> specs = new ArrayList<>();
        for (PreparedPrompt prompt : prompts) {
            SamplingParams sampling = options.sampling().resolve(prompt.maxTokens(), stopTokens, SEEDS.nextLong());
            specs.add(new GenerationSpec(
                    prompts.size() == 1 ? id : id + "-" + specs.size(),
                    Caller.LOCAL.tenant(),
                    model,
                    prompt.tokens(),
                    options.choices(),
                    sampling,
                    stops));
        }
        return specs;
    }

    private Answer answer(Exchange exchange, ApiRequest request, ServedModel model, List<PreparedPrompt> prompts) {
        GenerationOptions options = request.options();
        int choices = prompts.size() * options.choices();
        AnswerHead head = new AnswerHead(
                exchange.id(),
                model.id(),
                model.systemFingerprint(),
                Instant.now().getEpochSecond());
        boolean logprobs = options.sampling().topLogprobs().isPresent();
        AnswerShape shape = request instanceof ChatRequest
                ? new ChatShape(model.tokenizer(), logprobs)
                : new TextShape(model.tokenizer(), logprobs, echoes(prompts, options.choices()));
        return options.stream()
                ? new StreamAnswer(
                        exchange.response(),
                        head,
                        shape,
                        choices,
                        options.includeUsage(),
                        config.keepAlive().toMillis(),
                        clock)
                : new WholeAnswer(exchange.response(), head, shape, choices);
    }

    private static List<String> echoes(List<PreparedPrompt> prompts, int choices) {
        return prompts.stream()
                .flatMap(prompt -> Collections.nCopies(choices, prompt.echo()).stream())
                .toList();
    }

    private static ApiError error(Exchange exchange, Throwable failure) {
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
