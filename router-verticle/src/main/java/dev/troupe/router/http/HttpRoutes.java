package dev.troupe.router.http;

import dev.troupe.router.MetricsText;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.tenant.Caller;
import dev.troupe.router.tenant.Records;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which URL leads where. */
public final class HttpRoutes {
    private static final Logger log = LoggerFactory.getLogger(HttpRoutes.class);
    private static final String MODELS = "/v1/models/";
    /** For a client that is still sending to read our answer before the connection closes. */
    private static final Duration LINGER = Duration.ofSeconds(2);
    /** Of HTTP/2: the answer is whole, and what else the client wants to send is not needed. */
    private static final long NO_ERROR = 0;

    private final Vertx vertx;
    private final HttpParts parts;
    private final CollectorRegistry registry;

    public HttpRoutes(Vertx vertx, HttpParts parts, CollectorRegistry registry) {
        this.vertx = vertx;
        this.parts = parts;
        this.registry = registry;
    }

    public Handler<HttpServerRequest> handler() {
        JsonBodies bodies = new JsonBodies(
                new BodyReader(
                        vertx, parts.config().maxBodyBytes(), parts.config().bodyTimeout()),
                parts.workers());
        StreamRoute streams = new StreamRoute(vertx, parts);
        AuditTrail trail = new AuditTrail(parts.records().map(Records::audit), parts.workers(), HttpRoutes::seconds);
        AdminRoute admin = new AdminRoute(parts.admin(), trail);
        Router router = Router.router(vertx);
        router.route().handler(HttpRoutes::name);
        router.route().handler(this::keepConnection);
        router.route().handler(this::hangUpOnUnwantedBodies);
        parts.pictures().ifPresent(pictures -> new PictureContent(pictures, HttpRoutes::seconds).mountSigned(router));
        GateKeeper keeper = new GateKeeper(parts.gate());
        router.route("/v1/*").handler(keeper::admit);
        router.route("/admin/v1/*").handler(keeper::admit);
        for (Kind kind : Kind.values()) {
            CompletionRoute completion = new CompletionRoute(kind, vertx, bodies, streams, parts);
            router.post(kind.path()).handler(context -> completion.handle(context.request(), caller(context)));
        }
        router.get(StreamRoute.PATH + ":id").handler(context -> streams.get(context.request(), caller(context)));
        router.delete(StreamRoute.PATH + ":id").handler(context -> streams.delete(context.request(), caller(context)));
        router.get(AdminRoute.PATH).handler(context -> admin.list(context.request()));
        router.get(AdminRoute.BACKUPS).handler(context -> admin.backups(context.request()));
        router.post(AdminRoute.PATH + "/:id/drain").handler(admin::drain);
        parts.conversations().ifPresent(access -> new ConversationRoutes(access, bodies).mount(router));
        parts.pictures().ifPresent(pictures -> mountPictures(router, bodies, pictures));
        parts.records()
                .ifPresentOrElse(
                        records -> {
                            new TenancyRoutes(records, bodies, parts.workers(), trail, HttpRoutes::seconds)
                                    .mount(router);
                            new UsageRoutes(records.usage(), parts.workers(), HttpRoutes::seconds).mount(router);
                        },
                        () -> mountWithoutDatabase(router));
        router.get("/v1/models")
                .handler(context ->
                        Responses.json(context.response(), 200, parts.models().list(caller(context))));
        router.get(MODELS + "*").handler(this::model);
        router.get("/health/live")
                .handler(context ->
                        Responses.json(context.response(), 200, Json.object().put("status", "live")));
        router.get("/health/ready").handler(context -> ready(context.response()));
        router.get("/metrics").handler(context -> metrics(context.response()));
        router.errorHandler(
                404,
                context -> Responses.error(
                        context.response(),
                        ApiError.unknownUrl(method(context), context.request().path())));
        router.errorHandler(
                405,
                context -> Responses.error(
                        context.response(),
                        ApiError.methodNotAllowed(
                                method(context), context.request().path())));
        router.errorHandler(
                400,
                context -> Responses.error(
                        context.response(), ApiError.unknownUrl(method(context), "that cannot be read")));
        router.errorHandler(500, HttpRoutes::failed);
        return router;
    }

    private void mountPictures(Router router, JsonBodies bodies, PictureParts pictures) {
        PublicUrl publicUrl = new PublicUrl(
                pictures.config().publicUrl(), parts.config().access().proxies());
        FormReader forms = new FormReader(
                vertx, parts.config().maxBodyBytes(), parts.config().bodyTimeout());
        PictureMaking making = new PictureMaking(
                vertx, parts, pictures, new PictureBodies(bodies, forms), publicUrl, System::currentTimeMillis);
        new PictureContent(pictures, HttpRoutes::seconds).mount(router);
        new PictureRoutes(pictures, making, publicUrl, HttpRoutes::seconds).mount(router);
    }

    /** @return who sends the request, once it has been let in */
    static Caller caller(RoutingContext context) {
        return context.get(GateKeeper.CALLER);
    }

    private static long seconds() {
        return System.currentTimeMillis() / 1000;
    }

    private static void mountWithoutDatabase(Router router) {
        ApiError error = ApiError.notFound(
                "no_database",
                "This router keeps no tenants, no usage and no pictures: it has no database. Start it with --db-url.");
        for (String path : List.of(
                UsageRoutes.USAGE,
                UsageRoutes.COMPLETIONS,
                UsageRoutes.IMAGES,
                PictureRoutes.ALL,
                PictureRoutes.TURN,
                TenancyRoutes.TENANTS,
                TenancyRoutes.KEYS,
                TenancyRoutes.AUDIT)) {
            router.route(path + "*").handler(context -> Responses.error(context.response(), error));
        }
    }

    private static void name(RoutingContext context) {
        context.response()
                .putHeader("x-request-id", "req_" + UUID.randomUUID().toString().replace("-", ""));
        context.next();
    }

    private void keepConnection(RoutingContext context) {
        HttpConnection connection = context.request().connection();
        parts.connections().begun(connection);
        context.addEndHandler(
                answered -> parts.connections().ended(connection, parts.clock().getAsLong()));
        context.next();
    }

    /** Once a request is answered, the rest of its body is thrown away as it comes, for a while; then nothing more is taken. */
    private void hangUpOnUnwantedBodies(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addEndHandler(answered -> {
            if (!request.isEnded()) {
                vertx.setTimer(LINGER.toMillis(), id -> {
                    if (!request.isEnded()) {
                        hangUp(request);
                    }
                });
            }
        });
        context.next();
    }

    /** A connection of HTTP/2 carries other requests too. */
    private static void hangUp(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }

    private static String method(RoutingContext context) {
        HttpMethod method = context.request().method();
        return method.name();
    }

    private void model(RoutingContext context) {
        String encoded = context.request().path().substring(MODELS.length());
        try {
            // A plus is a plus in a path.
            String id = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            Responses.json(context.response(), 200, parts.models().get(id, caller(context)));
        } catch (ApiException e) {
            Responses.error(context.response(), e.error());
        } catch (IllegalArgumentException e) {
            Responses.error(context.response(), ApiError.unknownModel(encoded));
        }
    }

    private void ready(HttpServerResponse response) {
        Optional<String> reason = parts.exchanges().isDraining()
                ? Optional.of("draining")
                : parts.exchanges().isCutOff()
                        ? Optional.of("no_majority")
                        : parts.models().notReady();
        reason.ifPresentOrElse(
                why -> Responses.json(
                        response.putHeader("retry-after", "1"),
                        503,
                        Json.object().put("status", "not_ready").put("reason", why)),
                () -> Responses.json(response, 200, Json.object().put("status", "ready")));
    }

    private void metrics(HttpServerResponse response) {
        parts.workers()
                .executeBlocking(() -> MetricsText.of(registry), false)
                .onSuccess(text -> MetricsText.answer(response, text))
                .onFailure(failure -> {
                    log.error("Could not write the metrics", failure);
                    Responses.error(response, ApiError.internal("internal_error", "The metrics cannot be read now."));
                });
    }

    private static void failed(RoutingContext context) {
        log.error("{} failed", context.request().path(), context.failure());
        Responses.error(
                context.response(),
                ApiError.internal("internal_error", "The server made an error. Its log says which."));
    }
}
