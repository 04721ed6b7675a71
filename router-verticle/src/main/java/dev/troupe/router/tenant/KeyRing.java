package dev.troupe.router.tenant;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.KeySecret;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.store.TenancyStore.Tenancy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All tenants and keys as they were at one moment. */
public final class KeyRing {
    /** Nobody but {@link Caller#LOCAL}. */
    public static final KeyRing EMPTY = new KeyRing(new Tenancy(0, List.of(), List.of()));

    /** What a key that nobody has is compared with, so that it takes as long as one that somebody has. */
    private static final ApiKey NOBODYS = new ApiKey(
            "none", "nobody", "0".repeat(64), Set.of(), Limits.NONE, 0, OptionalLong.empty(), OptionalLong.empty());

    private final Tenancy tenancy;
    private final Map<String, Tenant> tenants;
    private final Map<String, ApiKey> keys;
    private final boolean keysMade;

    public KeyRing(Tenancy tenancy) {
        this.tenancy = tenancy;
        this.tenants = tenancy.tenants().stream().collect(Collectors.toMap(Tenant::name, Function.identity()));
        this.keys = tenancy.keys().stream().collect(Collectors.toMap(ApiKey::id, Function.identity()));
        this.keysMade = tenancy.keys().stream().anyMatch(key -> !key.scopes().equals(Set.of(Scope.ADMIN)));
    }

    /** What a key is found to be. */
    public enum Standing {
        GOOD,
        /** Not known, or not with that secret. */
        WRONG,
        EXPIRED,
        REVOKED
    }

    /** @param caller whose key it is; only with {@link Standing#GOOD} */
    public record Finding(Standing standing, Optional<Caller> caller) {}

    /** @return see {@link Tenancy#version} */
    long version() {
        return tenancy.version();
    }

    /** Whether a key was ever made that is not the operator's. */
    public boolean keysMade() {
        return keysMade;
    }

    /** Only whoever has the whole secret learns that a key has ended. */
    public Finding find(KeySecret secret, long nowSeconds) {
        ApiKey key = keys.getOrDefault(secret.id(), NOBODYS);
        boolean matches = secret.matches(key);
        Tenant tenant = tenants.get(key.tenant());
        if (!matches || tenant == null) {
            return new Finding(Standing.WRONG, Optional.empty());
        }
        if (key.revokedAt().isPresent() && key.revokedAt().getAsLong() <= nowSeconds) {
            return new Finding(Standing.REVOKED, Optional.empty());
        }
        if (key.expiresAt().isPresent() && key.expiresAt().getAsLong() <= nowSeconds) {
            return new Finding(Standing.EXPIRED, Optional.empty());
        }
        return new Finding(Standing.GOOD, Optional.of(new Caller(tenant, Optional.of(key))));
    }

    /** Who is served without a key. */
    public Caller local() {
        return new Caller(tenants.getOrDefault(Tenant.LOCAL, Caller.LOCAL.tenant()), Optional.empty());
    }

    /** Who began a request, as the journal has it; somebody without limits when he is not known any more. */
    public Caller of(String tenant, Optional<String> keyId) {
        Tenant known = tenants.getOrDefault(tenant, Tenant.named(tenant, 0));
        return new Caller(known, keyId.flatMap(id -> Optional.ofNullable(keys.get(id))));
    }

    public Optional<Tenant> tenant(String name) {
        return Optional.ofNullable(tenants.get(name));
    }

    public Optional<ApiKey> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    public List<Tenant> tenants() {
        return tenancy.tenants();
    }

    public List<ApiKey> keys() {
        return tenancy.keys();
    }
}
