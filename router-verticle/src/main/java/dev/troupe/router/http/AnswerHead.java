package dev.troupe.router.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.troupe.router.api.Json;

/**
 * What every answer and every chunk begins with.
 *
 * @param model id in the API
 * @param created seconds since 1970
 */
record AnswerHead(String id, String model, String systemFingerprint, long created) {
    ObjectNode toJson(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("system_fingerprint", systemFingerprint);
    }
}
