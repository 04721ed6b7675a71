package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

/**
 * Router to all others: what I have not ended is yours, and I say nothing more of it. Lost: they go on with it when the process has left the
 * pool. Doubled or late: what is theirs already is theirs.
 */
public record RouterLeaving(String routerId) {
    public RouterLeaving {
        notBlank("routerId", routerId);
    }
}
