package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.notBlank;

import java.util.List;

/**
 * Image worker to router: what has become of that router's pictures, on the router's one long-lived address for them.
 *
 * <p>Lost: the next event says all that this one said, but for checkpoint and preview, of which there will be others or none; an end is said
 * again every second until it is acknowledged, and a silent attempt is probed. Doubled: the same again. Late: dropped by epoch; of the same
 * epoch, progress never goes back and after an end nothing is heard.
 */
public record PictureNews(String replicaId, List<PictureEvent> events) {
    public PictureNews {
        notBlank("replicaId", replicaId);
        events = List.copyOf(events);
    }
}
