package dev.troupe.router.http;

import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.api.Json;
import dev.troupe.router.tenant.Caller;
import io.vertx.core.http.HttpServerRequest;
import java.util.OptionalLong;

/** What a request says of its urgency: {@code x-troupe-deadline-ms} and {@code x-troupe-priority}. */
final class ShareHeaders {
    private static final String DEADLINE = "x-troupe-deadline-ms";
    private static final String PRIORITY = "x-troupe-priority";
    private static final long MOST_MILLIS = 86_400_000;

    private ShareHeaders() {}

    /**
     * A request may ask for less urgency than its tenant has, and never for more.
     *
     * @throws ApiException when a header makes no sense
     */
    static Share of(HttpServerRequest request, Caller caller) {
        return new Share(caller.tenant().weight(), priority(request, caller), deadline(request));
    }

    private static Priority priority(HttpServerRequest request, Caller caller) {
        Priority most = caller.tenant().priority();
        String word = request.getHeader(PRIORITY);
        if (word == null) {
            return most;
        }
        Priority asked =
                Priority.of(word).orElseThrow(() -> invalid(PRIORITY, word, "'interactive', 'standard', or 'batch'"));
        return asked.compareTo(most) > 0 ? asked : most;
    }

    private static OptionalLong deadline(HttpServerRequest request) {
        String text = request.getHeader(DEADLINE);
        if (text == null) {
            return OptionalLong.empty();
        }
        if (!text.matches("\\d{1,9}") || Long.parseLong(text) < 1 || Long.parseLong(text) > MOST_MILLIS) {
            throw invalid(DEADLINE, text, "milliseconds, between 1 and " + MOST_MILLIS);
        }
        return OptionalLong.of(Long.parseLong(text));
    }

    private static ApiException invalid(String header, String value, String expected) {
        return new ApiException(ApiError.field(
                header,
                "invalid_value",
                "Invalid '" + header + "': expected " + expected + ", but got '" + Json.excerpt(value) + "'."));
    }
}
