package dev.troupe.store;

import java.util.Optional;

/**
 * A picture without its content. Ids that are empty, too long or hold NUL are refused, since they cannot be stored as they are.
 *
 * @param id unique; at most 64 characters
 * @param keyId empty: no key
 * @param createdAt milliseconds since 1970
 * @param fingerprint of the weights
 * @param type word of the file format
 * @param bytes of the content
 * @param details a JSON object; the store does not read it
 */
public record StoredPicture(
        String id,
        String tenant,
        Optional<String> keyId,
        long createdAt,
        String model,
        String fingerprint,
        Optional<String> parent,
        Optional<String> conversation,
        String type,
        int bytes,
        String details) {
    private static final int LONGEST_ID = 64;
    private static final int LONGEST_FINGERPRINT = 128;
    private static final int LONGEST_TYPE = 16;

    public StoredPicture {
        Texts.requireId("picture's id", id, LONGEST_ID);
        Texts.requireId("tenant's name", tenant, LONGEST_ID);
        keyId.ifPresent(key -> Texts.requireId("key id", key, LONGEST_ID));
        parent.ifPresent(from -> Texts.requireId("parent's id", from, LONGEST_ID));
        conversation.ifPresent(of -> Texts.requireId("conversation's id", of, LONGEST_ID));
        Texts.requireId("fingerprint", fingerprint, LONGEST_FINGERPRINT);
        Texts.requireId("type", type, LONGEST_TYPE);
        model = Texts.storable(model, UsageRow.LONGEST_TEXT);
        details = Texts.storable(details);
        if (bytes < 1) {
            throw new IllegalArgumentException("a picture of " + bytes + " bytes is none");
        }
    }

    /** Somebody's words are not for a log. */
    @Override
    public String toString() {
        return "StoredPicture[" + id + " of " + tenant + ", " + bytes + " bytes of " + type + "]";
    }
}
