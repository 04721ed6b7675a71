package dev.troupe.router.tenant;

import static java.util.Objects.requireNonNull;

import dev.troupe.store.AuditLog;
import dev.troupe.store.Database;
import dev.troupe.store.PictureStore;
import dev.troupe.store.PoolSecrets;
import dev.troupe.store.RequestLog;
import dev.troupe.store.TenancyStore;
import dev.troupe.store.UsageLedger;
import dev.troupe.store.UsageWriter;

/**
 * What a router writes and reads in a database. All but the writer block.
 *
 * @param writer of {@code usage}
 */
public record Stores(
        TenancyStore tenancy,
        UsageLedger usage,
        UsageWriter writer,
        RequestLog requests,
        AuditLog audit,
        PictureStore pictures,
        PoolSecrets secrets) {
    /** All of a database. */
    public static Stores of(Database database, UsageWriter writer) {
        return new Stores(
                database.tenancy(),
                database.usage(),
                writer,
                database.requests(),
                database.audit(),
                database.pictures(),
                database.secrets());
    }

    public Stores {
        requireNonNull(tenancy);
        requireNonNull(usage);
        requireNonNull(writer);
        requireNonNull(requests);
        requireNonNull(audit);
        requireNonNull(pictures);
        requireNonNull(secrets);
    }
}
