package dev.troupe.router.picture;

import java.util.HashSet;
import java.util.Set;

/**
 * Whether a picture may be what its workers die of. What kills a process kills the next one at the same step: so one that was being made at
 * two deaths, and stood at the same step both times, is made alone next; if that worker dies there, too, it was the picture. Who has got on, or
 * not so far, is innocent of the death before. Silence is no death; but a process that was left because it was silent counts when the cluster
 * says that it is gone.
 */
final class Culprit {
    private static final int DEATHS_BEFORE_ALONE = 2;

    private final Set<String> leftSilent = new HashSet<>();
    private int deaths;
    private int stood;
    private boolean near;

    /** @param stood steps that it had done at the last of its deaths so far */
    Culprit(int deaths, int stood) {
        this.deaths = deaths;
        this.stood = stood;
    }

    boolean mustBeAlone() {
        return deaths >= DEATHS_BEFORE_ALONE;
    }

    int deaths() {
        return deaths;
    }

    int stood() {
        return stood;
    }

    /** It waits at another worker. */
    void waits() {
        near = false;
    }

    /** The worker is about to do a step of it, or has. */
    void isMade() {
        near = true;
    }

    void leavesSilent(String nodeId) {
        if (near) {
            leftSilent.add(nodeId);
        }
        near = false;
    }

    /**
     * A process has died.
     *
     * @param here whether it is the one that has the picture
     * @param done steps as far as the last worker has told
     * @return whether the picture is why
     */
    boolean died(String nodeId, boolean here, int done) {
        boolean counts = leftSilent.remove(nodeId) || (here && near);
        if (here) {
            near = false;
        }
        if (!counts) {
            return false;
        }
        deaths = deaths > 0 && done == stood ? deaths + 1 : 1;
        stood = done;
        return deaths > DEATHS_BEFORE_ALONE;
    }
}
