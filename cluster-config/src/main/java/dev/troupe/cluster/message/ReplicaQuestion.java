package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * Batcher to the worker of its replica: what are you? Asked before the first plan and before every plan that starts over, so that no plan
 * made for one model or memory runs on another. Answered by {@link ReplicaDescription}. Lost, or nobody there: asked again.
 */
public record ReplicaQuestion(String replicaId) {
    public ReplicaQuestion {
        notBlank("replicaId", replicaId);
    }
}
