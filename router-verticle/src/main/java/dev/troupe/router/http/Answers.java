package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers of routes that ask the store or the pool, and what their queries say. */
final class Answers {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    /** @param body asked for here, so that what it throws is answered too */
    static void send(RoutingContext context, int status, Supplier<Future<ObjectNode>> body) {
        Future.<Void>succeededFuture()
                .compose(begun -> body.get())
                .onSuccess(json -> Responses.json(context.response(), status, json))
                .onFailure(failure -> Responses.error(context.response(), error(context, failure)));
    }

    private static ApiError error(RoutingContext context, Throwable failure) {
        if (failure instanceof ApiException known) {
            return known.error();
        }
        if (!(failure instanceof HttpClosedException)) {
            log.error("{} failed in the router", context.request().path(), failure);
        }
        return ApiError.internal("internal_error", "The server made an error. Its log says which.");
    }

    static Optional<String> query(RoutingContext context, String name) {
        return Optional.ofNullable(context.request().getParam(name));
    }

    /** @throws ApiException when the query says something else than a number in that range */
    static int number(RoutingContext context, String name, int least, int most, int otherwise) {
        Optional<String> text = query(context, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.get().matches("\\d{1,9}")
                || Integer.parseInt(text.get()) < least
                || Integer.parseInt(text.get()) > most) {
            throw new ApiException(ApiError.field(
                    name,
                    "invalid_value",
                    "Invalid '" + name + "': expected an integer between " + least + " and " + most + ", but got '"
                            + Json.excerpt(text.get()) + "'."));
        }
        return Integer.parseInt(text.get());
    }
}
