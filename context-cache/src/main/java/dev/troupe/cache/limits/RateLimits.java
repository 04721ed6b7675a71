package dev.troupe.cache.limits;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.tenant.Limits;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who may begin a request now, by limits that are the whole pool's. Every method returns at once; no stage fails, and each completes on any
 * thread. What is said twice, late or out of order comes out as if it had been said once and in time.
 */
public interface RateLimits {
    /** All that the demand wants is reserved, of the tenant's limits and of the key's, or nothing. Repeated: reserved once. */
    CompletionStage<Verdict> reserve(Demand demand);

    /**
     * The request is over: what it reserved too much comes back, its place among the concurrent is free. Repeated: settled once.
     *
     * @param tokensUsed prompt and answer, over all choices
     * @return completes when the pool knows, or when it did not answer and will be told again with {@link #renew}
     */
    CompletionStage<Void> settle(Demand demand, long tokensUsed);

    /**
     * To be called every few seconds with all requests that this router has under way, taken over from another or its own, so that what they
     * have reserved lasts. Of those that nobody renews it comes back after {@value TenantAccount#LEASE_MILLIS} ms.
     */
    void renew(Collection<Demand> underWay);

    /**
     * What a request wants.
     *
     * @param requestId of one try: who was refused tries again under another
     * @param ofKey beside those of the tenant
     * @param tokens prompt and the most that it may answer, over all choices
     */
    record Demand(
            String requestId,
            String tenant,
            Limits ofTenant,
            Optional<String> keyId,
            Limits ofKey,
            long tokens,
            int images) {
        public Demand {
            requireNonNull(requestId);
            requireNonNull(tenant);
            requireNonNull(ofTenant);
            requireNonNull(keyId);
            requireNonNull(ofKey);
            if (tokens < 0 || images < 0) {
                throw new IllegalArgumentException("a request wants " + tokens + " tokens and " + images + " images");
            }
            if (keyId.isEmpty() && !ofKey.most().isEmpty()) {
                throw new IllegalArgumentException("limits of a key without a key");
            }
        }

        /** @return whether there is anything to be counted */
        public boolean isLimited() {
            return Meters.count(ofTenant) || Meters.count(ofKey);
        }

        Amounts amounts() {
            return new Amounts(1, tokens, images);
        }
    }

    /**
     * Of one kind, how the narrower of tenant and key stands.
     *
     * @param remaining what a request may still take now
     * @param resetMillis from now on, until all of it is there again if nobody takes more; 0 of what does not come back with time
     */
    record Standing(long limit, long remaining, long resetMillis) {}

    /**
     * Whether the request may begin.
     *
     * @param refused the kind that it must wait for longest; empty when it may begin
     * @param retryAfterMillis when it is worth another try; {@link #NEVER} when the request is larger than its limit
     * @param standings after what was reserved, by limited kind; empty when nothing is limited, or when the pool did not say
     */
    record Verdict(Optional<Limits.Kind> refused, long retryAfterMillis, Map<Limits.Kind, Standing> standings) {
        /** No time is long enough. */
        public static final long NEVER = Long.MAX_VALUE;

        static final Verdict FREE = new Verdict(Optional.empty(), 0, Map.of());

        public Verdict {
            requireNonNull(refused);
            standings = Map.copyOf(standings);
        }

        public boolean admitted() {
            return refused.isEmpty();
        }

        /** @return whether the request as it is can be admitted at some time */
        public boolean isWorthAnotherTry() {
            return retryAfterMillis != NEVER;
        }
    }
}
