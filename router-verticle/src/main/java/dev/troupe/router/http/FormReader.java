package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Bodies of {@code multipart/form-data}, in memory and up to a limit over all their files. */
public final class FormReader {
    /** Of one text: the longest prompt in UTF-8, with room. */
    public static final int MOST_TEXT_BYTES = 160 << 10;
    /** Texts of one form. */
    public static final int MOST_TEXTS = 48;

    private static final int MOST_FILES = 16;
    private static final Set<String> FLAGS = Set.of("true", "false");

    private final Vertx vertx;
    private final long limit;
    private final Duration timeout;

    FormReader(Vertx vertx, long limit, Duration timeout) {
        this.vertx = vertx;
        this.limit = limit;
        this.timeout = timeout;
    }

    /** @param field that it was sent as */
    record Upload(String field, Buffer content) {}

    /** @param fields texts, but numbers and flags where they look so and are of a name that wants them */
    record Form(ObjectNode fields, List<Upload> files) {}

    /**
     * To be called before the body has begun to arrive.
     *
     * @param texts names of fields that are texts whatever they look like
     * @return fails with {@link ApiException} when the body is no form, too large, or does not come
     */
    Future<Form> read(HttpServerRequest request, Set<String> texts) {
        String type = String.valueOf(request.getHeader("content-type"));
        if (!type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
            return Future.failedFuture(new ApiException(ApiError.unsupportedMediaType(type, "multipart/form-data")));
        }
        Promise<Form> promise = Promise.promise();
        if (BodyReader.declaredLength(request) > limit) {
            return BodyReader.refuse(request, promise, ApiError.bodyTooLarge(limit));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
            request.response().writeContinue();
        }
        Reading reading = new Reading(request, promise);
        long timer =
                vertx.setTimer(timeout.toMillis(), id -> reading.refuse(ApiError.requestTimeout(timeout.toSeconds())));
        try {
            request.setExpectMultipart(true);
        } catch (RuntimeException e) {
            // Without a boundary, for one; Netty has a class for it that Vert.x does not name.
            reading.refuse(ApiError.malformedForm());
            return promise.future().onComplete(read -> vertx.cancelTimer(timer));
        }
        request.uploadHandler(reading::file);
        request.exceptionHandler(failure -> promise.tryFail(new ApiException(ApiError.malformedForm())));
        request.endHandler(end -> reading.end(texts));
        return promise.future().onComplete(read -> vertx.cancelTimer(timer));
    }

    private final class Reading {
        private final HttpServerRequest request;
        private final Promise<Form> promise;
        private final List<Upload> files = new ArrayList<>();
        private long bytes;

        Reading(HttpServerRequest request, Promise<Form> promise) {
            this.request = request;
            this.promise = promise;
        }

        void file(HttpServerFileUpload upload) {
            Buffer content = Buffer.buffer();
            upload.exceptionHandler(failure -> promise.tryFail(new ApiException(ApiError.malformedForm())));
            upload.handler(chunk -> {
                bytes += chunk.length();
                if (bytes > limit) {
                    refuse(ApiError.bodyTooLarge(limit));
                } else if (!promise.future().isComplete()) {
                    content.appendBuffer(chunk);
                }
            });
            files.add(new Upload(upload.name(), content));
            if (files.size() > MOST_FILES) {
                refuse(ApiError.malformedForm());
            }
        }

        void refuse(ApiError error) {
            if (!promise.future().isComplete()) {
                files.clear();
                BodyReader.refuse(request, promise, error);
            }
        }

        void end(Set<String> texts) {
            if (!promise.future().isComplete()) {
                promise.tryComplete(new Form(fields(request.formAttributes(), texts), List.copyOf(files)));
            }
        }
    }

    private static ObjectNode fields(MultiMap attributes, Set<String> texts) {
        ObjectNode fields = Json.object();
        for (Map.Entry<String, String> attribute : attributes) {
            String name = attribute.getKey();
            String value = attribute.getValue();
            if (texts.contains(name)) {
                fields.put(name, value);
            } else if (FLAGS.contains(value)) {
                fields.put(name, Boolean.parseBoolean(value));
            } else if (value.matches("-?\\d{1,30}")) {
                fields.put(name, new BigInteger(value));
            } else if (value.matches("-?\\d{1,30}\\.\\d{1,30}")) {
                fields.put(name, new BigDecimal(value));
            } else {
                fields.put(name, value);
            }
        }
        return fields;
    }
}
