package dev.troupe.cache.limits;

import static java.util.Objects.requireNonNull;

import dev.troupe.cache.limits.RateLimits.Demand;
import java.util.List;

/** What can be done with a {@link TenantAccount}. In whatever order and however often they come, the same comes of it. */
public sealed interface LimitCommand {
    /** A request asks whether it may begin. */
    record Reserve(Demand demand) implements LimitCommand {
        public Reserve {
            requireNonNull(demand);
        }
    }

    /** Requests are under way. One that is not known has begun without a question, and takes what it wants now. */
    record Renew(List<Demand> underWay) implements LimitCommand {
        public Renew {
            underWay = List.copyOf(underWay);
        }
    }

    /**
     * A request is over.
     *
     * @param spent what it really took, in place of what it had reserved
     */
    record Settle(Demand demand, Amounts spent) implements LimitCommand {
        public Settle {
            requireNonNull(demand);
            if (spent.requests() < 0 || spent.tokens() < 0 || spent.images() < 0) {
                throw new IllegalArgumentException("a request cannot have spent " + spent);
            }
        }
    }
}
