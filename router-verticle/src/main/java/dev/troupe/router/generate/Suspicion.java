package dev.troupe.router.generate;

import dev.troupe.router.replica.ReplicaKey;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a request may be what its replicas die of. One that was being computed at two deaths, and got nowhere between them, runs alone
 * next, and is innocent when it gets on; if that replica dies, too, it was the request. What kills a process kills the next one at the
 * same token, so whoever gets on is innocent of what was before.
 *
 * <p>Silence is no death, and neither is leaving: a replica that was left because it was silent counts when the cluster says that its
 * process is gone, unless it was heard of again.
 */
final class Suspicion {
    private static final int DEATHS_BEFORE_ALONE = 2;
    /** Tokens since the last death that speak for a request. */
    private static final int PROGRESS = 4;

    /** Where it was being computed when it left, and in which node. */
    private final Map<ReplicaKey, String> leftSilent = new HashMap<>();

    private int deaths;
    private int tokens;
    private boolean computed;

    /** @param deaths that it has been near already */
    Suspicion(int deaths) {
        this.deaths = deaths;
    }

    boolean mustRunAlone() {
        return deaths >= DEATHS_BEFORE_ALONE;
    }

    /** It waits at another replica. */
    void waits() {
        computed = false;
    }

    /** The replica computes it from now on. */
    void isComputed() {
        computed = true;
    }

    /** It leaves a replica that is dead, hung or only busy. */
    void leavesSilent(ReplicaKey replica, String nodeId) {
        if (computed) {
            leftSilent.put(replica, nodeId);
        }
    }

    /** A replica was heard of: if it ever died, it was not when we left it. */
    void isWell(ReplicaKey replica) {
        leftSilent.remove(replica);
    }

    /** @return whether the one that has lost its worker is one that was left silent */
    boolean diedAfter(ReplicaKey replica) {
        return leftSilent.remove(replica) != null;
    }

    /** @return whether a replica of the node was left silent */
    boolean diedAfter(String nodeId) {
        return leftSilent.values().remove(nodeId);
    }

    /** @return whether it is guilty; who only waited there is not even near */
    boolean diedHere() {
        boolean near = computed;
        computed = false;
        return near && died();
    }

    /** @return whether it is guilty */
    boolean died() {
        deaths = tokens >= PROGRESS ? 1 : deaths + 1;
        tokens = 0;
        return deaths > DEATHS_BEFORE_ALONE;
    }

    /** @param count of tokens that have come */
    void gotOn(int count) {
        computed = true;
        tokens += count;
        leftSilent.clear();
        // The first token may have come in each of its lives, and been lost in the others.
        if (mustRunAlone() && tokens >= PROGRESS) {
            deaths = 0;
        }
    }
}
