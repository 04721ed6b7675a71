package dev.troupe.bench.scale;

import dev.troupe.cluster.tenant.Share;

/**
 * A request of one of several tenants.
 *
 * @param atMillis when it comes
 * @param prompt tokens
 * @param answer tokens
 */
record FairRequest(int number, String tenant, double atMillis, int prompt, int answer, Share share) {
    /** @return as the tenant of everybody: where there is one tenant, first come is first served */
    FairRequest asOneOfMany() {
        return new FairRequest(number, "everybody", atMillis, prompt, answer, Share.EQUAL);
    }

    FairRequest withShare(Share newShare) {
        return new FairRequest(number, tenant, atMillis, prompt, answer, newShare);
    }
}
