package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.function.Function;

/** Bodies that are JSON, and nothing else. */
final class JsonBodies {
    /** A larger body is parsed on a worker thread; a smaller one takes well under a millisecond. */
    private static final int PARSED_HERE = 32 << 10;

    private final BodyReader bodies;
    private final WorkerExecutor workers;

    JsonBodies(BodyReader bodies, WorkerExecutor workers) {
        this.bodies = bodies;
        this.workers = workers;
    }

    /** @return what the fields make of it; fails with {@link ApiException} when the body is not what it should be */
    <T> Future<T> read(HttpServerRequest request, Function<ObjectNode, T> fields) {
        return read(request).compose(body -> parse(body, fields));
    }

    /** @return the body as it came; fails with {@link ApiException} when it does not say that it is JSON */
    Future<Buffer> read(HttpServerRequest request) {
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

    /** @return what the fields make of a body */
    <T> Future<T> parse(Buffer body, Function<ObjectNode, T> fields) {
        if (body.length() > PARSED_HERE) {
            return workers.executeBlocking(() -> fields.apply(Json.parse(body.getBytes())), false);
        }
        return Future.succeededFuture(fields.apply(Json.parse(body.getBytes())));
    }
}
