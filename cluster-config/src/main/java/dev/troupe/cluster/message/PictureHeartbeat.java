package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;

import dev.troupe.cluster.picture.PictureModel;
import java.util.Objects;

/**
 * Image worker to every router, published twice a second: I am here and this is my load. Lost: three missed in a row and the replica is taken
 * for dead. Doubled, late or reordered: an older {@code sequence} of the same incarnation is ignored, and an older incarnation.
 *
 * @param replicaId names the worker's addresses
 * @param nodeId the process it lives in, as the cluster names it
 * @param incarnation when this replica started, ms since the epoch; greater wins
 * @param sequence counts heartbeats
 * @param state {@code EVACUATING} when its steps have come to a stop
 */
public record PictureHeartbeat(
        String replicaId,
        String nodeId,
        long incarnation,
        long sequence,
        Heartbeat.State state,
        PictureModel model,
        Load load) {
    public PictureHeartbeat {
        notBlank("replicaId", replicaId);
        notBlank("nodeId", nodeId);
        Objects.requireNonNull(state);
        Objects.requireNonNull(model);
        Objects.requireNonNull(load);
    }

    /**
     * What it has to do.
     *
     * @param running pictures that have done a step
     * @param waiting pictures that have not
     * @param rowSteps of the network that are left of all of them: a guided picture takes two a step
     */
    public record Load(int running, int waiting, long rowSteps) {
        public Load {
            atLeast("running", running, 0);
            atLeast("waiting", waiting, 0);
            atLeast("rowSteps", rowSteps, 0);
        }
    }
}
