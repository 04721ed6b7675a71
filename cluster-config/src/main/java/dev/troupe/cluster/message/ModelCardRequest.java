package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * Router to the node of a replica: send me the model's card (tokenizer, template, limits), so that a router needs no model file. Answered by
 * {@link ModelCardReply}. Lost: the router asks again at the next heartbeat.
 */
public record ModelCardRequest(String fingerprint) {
    public ModelCardRequest {
        notBlank("fingerprint", fingerprint);
    }
}
