package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

/** Router to a process of the pool: move or end what you have, and leave. Answered by itself. Lost: asked again by the operator. Doubled: nothing. */
public record DrainNode(String nodeId) {
    public DrainNode {
        notBlank("nodeId", nodeId);
    }
}
