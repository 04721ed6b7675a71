package dev.troupe.store;

import java.util.Optional;

/**
 * One request, as it is charged. Ids are refused when they cannot be stored as they are; other texts are cut, and what the database cannot
 * hold is replaced.
 *
 * @param requestId unique; at most {@value #LONGEST_ID} characters
 * @param tenant who pays
 * @param keyId empty: no key
 * @param model its id
 * @param path of the route
 * @param beganMillis since 1970
 * @param endedMillis since 1970, by the clock of the router that ended it, which may be another than where it began
 * @param promptTokens all of the prompt
 * @param cachedTokens of the prompt, those that need not be computed
 * @param completionTokens what came out
 * @param images how many came out
 * @param outcome "success", "cancelled", "failed" or another word
 */
public record UsageRow(
        String requestId,
        String tenant,
        Optional<String> keyId,
        String model,
        String path,
        long beganMillis,
        long endedMillis,
        int promptTokens,
        int cachedTokens,
        int completionTokens,
        int images,
        String outcome) {
    static final int LONGEST_ID = 128;
    static final int LONGEST_NAME = 64;
    static final int LONGEST_TEXT = 256;
    static final int LONGEST_WORD = 64;

    public UsageRow {
        Texts.requireId("request id", requestId, LONGEST_ID);
        Texts.requireId("tenant's name", tenant, LONGEST_NAME);
        keyId.ifPresent(id -> Texts.requireId("key id", id, LONGEST_NAME));
        model = Texts.storable(model, LONGEST_TEXT);
        path = Texts.storable(path, LONGEST_TEXT);
        outcome = Texts.storable(outcome, LONGEST_WORD);
        if (Math.min(beganMillis, endedMillis) < 0) {
            throw new IllegalArgumentException("times are at least 0, not " + beganMillis + " and " + endedMillis);
        }
        if (promptTokens < 0 || cachedTokens < 0 || completionTokens < 0 || images < 0) {
            throw new IllegalArgumentException("counts are at least 0: " + promptTokens + ", " + cachedTokens + ", "
                    + completionTokens + ", " + images);
        }
    }
}
