package dev.troupe.router.tenant;

import static java.util.Objects.requireNonNull;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import java.util.Optional;

/**
 * Who sends a request.
 *
 * @param key that it came with; empty where none is asked for
 */
public record Caller(Tenant tenant, Optional<ApiKey> key) {
    /** Everybody, as long as there are no keys. */
    public static final Caller LOCAL = new Caller(Tenant.named(Tenant.LOCAL, 0), Optional.empty());

    public Caller {
        requireNonNull(tenant);
        requireNonNull(key);
    }

    /** @return the name of its tenant, under which everything of it is kept */
    public String name() {
        return tenant.name();
    }

    public Optional<String> keyId() {
        return key.map(ApiKey::id);
    }

    /** Whoever needs no key may do everything but administer the pool's tenants. */
    public boolean may(Scope scope) {
        return key.map(given -> given.scopes().contains(scope)).orElse(scope != Scope.ADMIN);
    }

    public boolean mayUse(String model) {
        return tenant.models().isEmpty() || tenant.models().contains(model);
    }

    /** @return of its key, beside those of its tenant */
    public Limits keyLimits() {
        return key.map(ApiKey::limits).orElse(Limits.NONE);
    }
}
