package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * One try at a request. A request that moves to another replica gets the next epoch.
 *
 * @param epoch from 1
 */
public record Attempt(String requestId, int epoch) {
    public Attempt {
        notBlank("requestId", requestId);
        atLeast("epoch", epoch, 1);
    }
}
