package dev.troupe.router.http;

import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/** Reads a body up to a limit. One that is too large is refused as soon as that is known, and never held in memory. */
final class BodyReader {
    private final Vertx vertx;
    private final long limit;
    private final Duration timeout;

    BodyReader(Vertx vertx, long limit, Duration timeout) {
        this.vertx = vertx;
        this.limit = limit;
        this.timeout = timeout;
    }

    /** @return the body; fails with {@link ApiException} when it is too large or does not come */
    Future<Buffer> read(HttpServerRequest request) {
        if (declaredLength(request) > limit) {
            return refuse(request, Promise.promise(), ApiError.bodyTooLarge(limit));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(timeout.toMillis(), id -> {
            if (!promise.future().isComplete()) {
                refuse(request, promise, ApiError.requestTimeout(timeout.toSeconds()));
            }
        });
        request.handler(chunk -> {
            if (promise.future().isComplete()) {
                return;
            }
            if (body.length() + (long) chunk.length() > limit) {
                vertx.cancelTimer(timer);
                refuse(request, promise, ApiError.bodyTooLarge(limit));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.exceptionHandler(promise::tryFail);
        request.endHandler(end -> {
            vertx.cancelTimer(timer);
            promise.tryComplete(body);
        });
        return promise.future().onFailure(failure -> vertx.cancelTimer(timer));
    }

    static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0; // the HTTP parser has its own opinion on it; what really comes is counted
        }
    }

    /** Fails a body of which nothing more is wanted. */
    static <T> Future<T> refuse(HttpServerRequest request, Promise<T> promise, ApiError error) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader("connection", "close");
        }
        promise.tryFail(new ApiException(error));
        return promise.future();
    }
}
