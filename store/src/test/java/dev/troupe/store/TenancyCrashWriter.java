package dev.troupe.store;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Scope;
import dev.troupe.cluster.tenant.Tenant;
import java.util.OptionalLong;
import java.util.Set;

/** The program that {@link RecordsCrashTest} kills: makes one key after another and says of each when it is done. */
final class TenancyCrashWriter {
    private static final String TENANT = "acme";

    private TenancyCrashWriter() {}

    /** @param arguments URL, user and password */
    public static void main(String[] arguments) {
        TenancyStore store = KilledProgram.open(arguments).tenancy();
        store.create(Tenant.named(TENANT, 0), note(TENANT));
        for (int number = store.load().keys().size(); ; number++) {
            String id = "key-" + number;
            if (!store.create(key(id), note(id))) {
                throw new IllegalStateException(id + " is there already");
            }
            System.out.println(id);
        }
    }

    private static AuditEntry note(String subject) {
        return new AuditEntry(0, "local", "create", subject, "{}");
    }

    private static ApiKey key(String id) {
        return new ApiKey(
                id,
                TENANT,
                "ab".repeat(32),
                Set.of(Scope.INFERENCE),
                Limits.NONE,
                0,
                OptionalLong.empty(),
                OptionalLong.empty());
    }
}
