package dev.troupe.cache.limits;

import dev.troupe.cache.limits.RateLimits.Verdict;
import java.util.concurrent.CompletionStage;

/** Where the accounts of tenants lie. */
public interface AccountHome {
    /**
     * Does the command with the tenant's account, where there is one or would be.
     *
     * @return completes on any thread; failed when it is not known whether it was done, and then it may still be done, also twice
     */
    CompletionStage<Verdict> apply(String tenant, LimitCommand command);
}
