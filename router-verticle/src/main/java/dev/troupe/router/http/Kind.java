package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.ApiRequest;
import dev.troupe.router.api.ChatFields;
import dev.troupe.router.api.CompletionFields;
import dev.troupe.router.api.Json;
import java.util.Optional;
import java.util.stream.Stream;

/** The two kinds of request to generate, and how each is read. */
enum Kind {
    CHAT("/v1/chat/completions", "chatcmpl"),
    TEXT("/v1/completions", "cmpl");

    private final String path;
    private final String idPrefix;

    Kind(String path, String idPrefix) {
        this.path = path;
        this.idPrefix = idPrefix;
    }

    static Optional<Kind> of(String path) {
        return Stream.of(values()).filter(kind -> kind.path.equals(path)).findFirst();
    }

    String path() {
        return path;
    }

    String idPrefix() {
        return idPrefix;
    }

    /** @throws dev.troupe.router.api.ApiException when the body is not such a request */
    ApiRequest read(byte[] body) {
        return read(Json.parse(body));
    }

    /** @throws dev.troupe.router.api.ApiException when these are not the fields of such a request */
    ApiRequest read(ObjectNode fields) {
        return switch (this) {
            case CHAT -> ChatFields.read(fields);
            case TEXT -> CompletionFields.read(fields);
        };
    }
}
