package dev.troupe.cache.limits;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.Map;
import java.util.Optional;

/** Demands of tenant {@code t}, for tests. */
public final class Demands {
    private Demands() {}

    public static Limits limits(Kind kind, long most) {
        return new Limits(Map.of(kind, most));
    }

    public static Demand of(String id, Limits ofTenant, long tokens) {
        return new Demand(id, "t", ofTenant, Optional.empty(), Limits.NONE, tokens, 0);
    }

    static Demand ofKey(String id, Limits ofTenant, String key, Limits ofKey, long tokens) {
        return new Demand(id, "t", ofTenant, Optional.of(key), ofKey, tokens, 0);
    }

    static Demand images(String id, Limits ofTenant, int images) {
        return new Demand(id, "t", ofTenant, Optional.empty(), Limits.NONE, 0, images);
    }
}
