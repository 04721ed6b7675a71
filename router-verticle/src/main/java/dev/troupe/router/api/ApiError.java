package dev.troupe.router.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An error as OpenAI says it.
 *
 * @param status of HTTP
 * @param message what, where, what to do
 * @param type whose fault, in OpenAI's word
 * @param param the field that is wrong, such as {@code messages[0].role}
 * @param code a stable name
 * @param retryAfterSeconds when it is worth another try
 */
public record ApiError(
        int status,
        String message,
        String type,
        Optional<String> param,
        Optional<String> code,
        OptionalInt retryAfterSeconds) {
    private static final String INVALID_REQUEST = "invalid_request_error";
    private static final String SERVER = "server_error";

    public ApiError {
        requireNonNull(message);
        requireNonNull(type);
        requireNonNull(param);
        requireNonNull(code);
        requireNonNull(retryAfterSeconds);
    }

    private static ApiError user(int status, String message, Optional<String> param, Optional<String> code) {
        return new ApiError(status, message, INVALID_REQUEST, param, code, OptionalInt.empty());
    }

    /** A field is wrong. */
    public static ApiError field(String param, String code, String message) {
        return user(400, message, Optional.of(param), Optional.of(code));
    }

    /** The body as a whole cannot be read. */
    public static ApiError malformed(String reason) {
        return user(
                400, "We could not parse the JSON body of your request: " + reason, Optional.empty(), Optional.empty());
    }

    public static ApiError unknownUrl(String method, String path) {
        return user(404, "Invalid URL (" + method + " " + path + ")", Optional.empty(), Optional.of("unknown_url"));
    }

    public static ApiError methodNotAllowed(String method, String path) {
        String message = "Not allowed to " + method + " on " + path
                + ". (HINT: Perhaps you meant to use a different HTTP method?)";
        return user(405, message, Optional.empty(), Optional.of("method_not_supported"));
    }

    public static ApiError unknownModel(String model) {
        String message = "The model `" + Json.excerpt(model) + "` does not exist or you do not have access to it.";
        return user(404, message, Optional.of("model"), Optional.of("model_not_found"));
    }

    /** @param code stable name of what is not there */
    public static ApiError notFound(String code, String message) {
        return user(404, message, Optional.empty(), Optional.of(code));
    }

    /** Also said of one that belongs to another tenant. */
    public static ApiError unknownConversation(String id) {
        String message = "Conversation with id '" + Json.excerpt(id) + "' not found.";
        return user(404, message, Optional.of("conversation"), Optional.of("conversation_not_found"));
    }

    /** Its turn is another request's now. */
    public static ApiError conversationBusy(String id, int retryAfterSeconds) {
        String message = "Another request is adding to conversation '" + Json.excerpt(id)
                + "'. Please send this one when that has ended.";
        return new ApiError(
                409,
                message,
                INVALID_REQUEST,
                Optional.of("conversation"),
                Optional.of("conversation_busy"),
                OptionalInt.of(retryAfterSeconds));
    }

    /** It would hold more than one may. */
    public static ApiError conversationFull(long items, int mostItems, long bytes, int mostBytes) {
        String message = "The conversation would have " + items + " items with " + bytes + " bytes of text; at most "
                + mostItems + " items and " + mostBytes + " bytes are kept. Please go on in a new conversation.";
        return user(400, message, Optional.of("conversation"), Optional.of("conversation_too_long"));
    }

    public static ApiError requestTimeout(long seconds) {
        return user(408, "The body did not arrive within " + seconds + " s.", Optional.empty(), Optional.empty());
    }

    public static ApiError bodyTooLarge(long limitBytes) {
        String message = "The body is larger than " + limitBytes + " bytes, the limit of this server.";
        return user(413, message, Optional.empty(), Optional.of("request_too_large"));
    }

    public static ApiError unsupportedMediaType(String contentType) {
        return unsupportedMediaType(contentType, "application/json");
    }

    public static ApiError unsupportedMediaType(String contentType, String expected) {
        String message = "Invalid Content-Type header (" + Json.excerpt(contentType) + "), expected " + expected + ".";
        return user(415, message, Optional.empty(), Optional.of("unsupported_content_type"));
    }

    public static ApiError malformedForm() {
        return user(
                400,
                "We could not read the form of your request: it is not multipart/form-data as RFC 7578 has it, one of its"
                        + " texts is too long, or it has too many parts.",
                Optional.empty(),
                Optional.of("malformed_form"));
    }

    /** Its address has been good once. */
    public static ApiError expiredUrl(String id) {
        return user(
                403,
                "This address has expired. Ask GET /v1/images/" + Json.excerpt(id) + " with your key for a new one.",
                Optional.empty(),
                Optional.of("url_expired"));
    }

    /** Also said of one that belongs to another tenant. */
    public static ApiError unknownImage(String id) {
        return notFound("image_not_found", "Image '" + Json.excerpt(id) + "' not found.");
    }

    private static ApiError unauthorized(String message, Optional<String> code) {
        return new ApiError(401, message, INVALID_REQUEST, Optional.empty(), code, OptionalInt.empty());
    }

    public static ApiError noKey() {
        return unauthorized(
                "You didn't provide an API key. Send yours in an Authorization header as a Bearer token"
                        + " (Authorization: Bearer YOUR_KEY).",
                Optional.empty());
    }

    /** Says the same of a key that nobody has and of one with another secret, and nothing of what was sent. */
    public static ApiError wrongKey() {
        return unauthorized("Incorrect API key provided.", Optional.of("invalid_api_key"));
    }

    /** @param how said only to whoever has the whole key */
    public static ApiError endedKey(String how) {
        return unauthorized("This API key " + how + ".", Optional.of("invalid_api_key"));
    }

    public static ApiError tooManyGuesses(long retryAfterMillis) {
        return new ApiError(
                429,
                "Too many wrong API keys came from your address. Please wait before the next one.",
                "requests",
                Optional.empty(),
                Optional.of("too_many_wrong_keys"),
                OptionalInt.of((int) ((retryAfterMillis + 999) / 1000)));
    }

    public static ApiError missingScope(String scope) {
        return user(
                403,
                "You have insufficient permissions for this operation. Missing scopes: " + scope + ".",
                Optional.empty(),
                Optional.of("insufficient_permissions"));
    }

    /** Too many requests now. */
    public static ApiError rateLimited(String message, int retryAfterSeconds) {
        return new ApiError(
                429,
                message,
                "requests",
                Optional.empty(),
                Optional.of("rate_limit_exceeded"),
                OptionalInt.of(retryAfterSeconds));
    }

    /** Nobody can do it now. */
    public static ApiError unavailable(String code, String message, int retryAfterSeconds) {
        return new ApiError(
                503, message, SERVER, Optional.empty(), Optional.of(code), OptionalInt.of(retryAfterSeconds));
    }

    /** Our fault. */
    public static ApiError internal(String code, String message) {
        return new ApiError(500, message, SERVER, Optional.empty(), Optional.of(code), OptionalInt.empty());
    }

    /** @return {@code {"error":{"message","type","param","code"}}} */
    public ObjectNode toJson() {
        ObjectNode body = Json.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param.orElse(null))
                .put("code", code.orElse(null));
        return body;
    }
}
