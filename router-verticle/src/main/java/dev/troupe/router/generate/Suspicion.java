package dev.troupe.router.generate;

/**
 * Whether a request may be what its replicas die of. One that ran at two deaths, and got nowhere between them, runs alone next, and is
 * innocent when it gets on; if that replica dies, too, it was the request. What kills a process kills the next one at the same
 * token, so whoever gets on is innocent of what was before.
 */
final class Suspicion {
    private static final int DEATHS_BEFORE_ALONE = 2;
    /** Tokens since the last death that speak for a request. */
    private static final int PROGRESS = 4;

    private int deaths;
    private int tokens;

    /** @param deaths that it has been near already */
    Suspicion(int deaths) {
        this.deaths = deaths;
    }

    boolean mustRunAlone() {
        return deaths >= DEATHS_BEFORE_ALONE;
    }

    /** @return whether it is guilty */
    boolean died() {
        deaths = tokens >= PROGRESS ? 1 : deaths + 1;
        tokens = 0;
        return deaths > DEATHS_BEFORE_ALONE;
    }

    /** @param count of tokens that have come */
    void gotOn(int count) {
        tokens += count;
        // The first token may have come in each of its lives, and been lost in the others.
        if (mustRunAlone() && tokens >= PROGRESS) {
            deaths = 0;
        }
    }
}
