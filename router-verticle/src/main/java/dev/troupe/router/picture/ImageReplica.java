package dev.troupe.router.picture;

import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.router.replica.ReplicaKey;

/**
 * An image worker as last heard of.
 *
 * @param sentRowSteps given to it since the heartbeat
 */
record ImageReplica(PictureHeartbeat heartbeat, long sentRowSteps) {
    ReplicaKey key() {
        return new ReplicaKey(heartbeat.replicaId(), heartbeat.incarnation());
    }

    String id() {
        return heartbeat.replicaId();
    }

    String nodeId() {
        return heartbeat.nodeId();
    }

    boolean admits() {
        return switch (heartbeat.state()) {
            case READY -> true;
            case DRAINING, GONE, EVACUATING, WORKER_LOST -> false;
        };
    }

    boolean isThere() {
        return heartbeat.state() != Heartbeat.State.GONE;
    }

    long rowSteps() {
        return heartbeat.load().rowSteps() + sentRowSteps;
    }
}
