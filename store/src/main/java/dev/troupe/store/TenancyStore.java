package dev.troupe.store;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Tenant;
import java.util.List;
import java.util.Optional;

/**
 * Tenants and their keys. A change and its line in the {@link AuditLog} hold together or not at all, and changes come one after another.
 *
 * <p>Every call blocks; see the package. What a call that returned has written is durable. Each throws {@link StoreException} when the
 * database fails.
 */
public interface TenancyStore {
    /**
     * Everything, at one moment.
     *
     * @param version of that moment
     * @param tenants but for those that were deleted
     * @param keys of these tenants, the revoked and expired ones too
     */
    record Tenancy(long version, List<Tenant> tenants, List<ApiKey> keys) {
        public Tenancy {
            tenants = List.copyOf(tenants);
            keys = List.copyOf(keys);
        }
    }

    /** @return a number that grows with every change; one cheap query */
    long version();

    Tenancy load();

    /** @return false: the name is taken, perhaps by a tenant that was deleted */
    boolean create(Tenant tenant, AuditEntry audit);

    /**
     * Changes everything but the time of its creation.
     *
     * @return false: unknown
     */
    boolean update(Tenant tenant, AuditEntry audit);

    /**
     * Forgets the tenant and revokes its keys. What it has used stays in the ledger, so its name is never free again.
     *
     * @param at seconds since 1970, from when on its keys open nothing
     * @return false: unknown
     */
    boolean delete(String name, long at, AuditEntry audit);

    /** @return false: no such tenant, or the id is taken */
    boolean create(ApiKey key, AuditEntry audit);

    /**
     * Of two revocations the earlier holds.
     *
     * @param at seconds since 1970
     * @return the key as it is now; empty: unknown
     */
    Optional<ApiKey> revoke(String keyId, long at, AuditEntry audit);
}
