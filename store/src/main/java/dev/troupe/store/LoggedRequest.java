package dev.troupe.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One request, as far as its tenant lets it be written down.
 *
 * @param requestId unique; at most {@value UsageRow#LONGEST_ID} characters
 * @param tenant whose it is
 * @param keyId empty: no key
 * @param path of the route
 * @param model its id
 * @param atMillis since 1970, when it ended
 * @param status of HTTP
 * @param outcome "success", "cancelled", "failed" or another word
 * @param request what was asked; empty unless the tenant's logging is full
 * @param response what was answered; likewise
 */
public record LoggedRequest(
        String requestId,
        String tenant,
        Optional<String> keyId,
        String path,
        String model,
        long atMillis,
        int status,
        String outcome,
        Optional<String> request,
        Optional<String> response) {
    /** Chars of what was asked, and of what was answered, that are kept. */
    static final int LONGEST_BODY = 1 << 20;

    public LoggedRequest {
        Texts.requireId("request id", requestId, UsageRow.LONGEST_ID);
        Texts.requireId("tenant's name", tenant, UsageRow.LONGEST_NAME);
        keyId.ifPresent(id -> Texts.requireId("key id", id, UsageRow.LONGEST_NAME));
        requireNonNull(path);
        requireNonNull(model);
        requireNonNull(outcome);
        requireNonNull(request);
        requireNonNull(response);
    }

    /** @return as it may be written down: without secrets, which go before anything is cut, since half of one is still a secret */
    LoggedRequest redacted() {
        return new LoggedRequest(
                requestId,
                tenant,
                keyId,
                redacted(path, UsageRow.LONGEST_TEXT),
                redacted(model, UsageRow.LONGEST_TEXT),
                atMillis,
                status,
                redacted(outcome, UsageRow.LONGEST_WORD),
                request.map(text -> redacted(text, LONGEST_BODY)),
                response.map(text -> redacted(text, LONGEST_BODY)));
    }

    private static String redacted(String text, int most) {
        return Texts.storable(Redaction.of(text), most);
    }

    /** Without the texts: they are somebody's words. */
    @Override
    public String toString() {
        return "LoggedRequest[" + requestId + " of " + tenant + ", " + status + " " + outcome + "]";
    }
}
