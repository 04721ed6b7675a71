package dev.troupe.router.generate;

/**
 * Whether a request may be what its replicas die of. One that ran at two deaths runs alone next, and is innocent when it comes through a
 * step; if that replica dies, too, it was the request.
 */
final class Suspicion {
    private static final int DEATHS_BEFORE_ALONE = 2;

    private int deaths;

    /** @param deaths that it has been near already */
    Suspicion(int deaths) {
        this.deaths = deaths;
    }

    boolean mustRunAlone() {
        return deaths >= DEATHS_BEFORE_ALONE;
    }

    /** @return whether it is guilty */
    boolean died() {
        deaths++;
        return deaths > DEATHS_BEFORE_ALONE;
    }

    void cameThrough() {
        if (mustRunAlone()) {
            deaths = 0;
        }
    }
}
