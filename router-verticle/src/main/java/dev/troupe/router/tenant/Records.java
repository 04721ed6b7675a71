package dev.troupe.router.tenant;

import static java.util.Objects.requireNonNull;

import dev.troupe.store.AuditLog;
import dev.troupe.store.RequestLog;
import dev.troupe.store.TenancyStore;
import dev.troupe.store.UsageLedger;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * What a router with a database keeps of its tenants.
 *
 * @param usage blocks, as {@code requests} and {@code audit} do
 */
public record Records(TenantDirectory directory, UsageLedger usage, RequestLog requests, AuditLog audit) {
    public Records {
        requireNonNull(directory);
        requireNonNull(usage);
        requireNonNull(requests);
        requireNonNull(audit);
    }

    public KeyRing ring() {
        return directory.ring();
    }

    /** @return when this router, too, goes by the change */
    public <T> Future<T> change(Function<TenancyStore, T> change) {
        return directory.change(() -> change.apply(directory.store()));
    }
}
