package dev.troupe.store;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Tenants and keys in SQL. A change holds the row of the version from its beginning, so that changes are told in the order of their versions. */
final class JdbcTenancyStore implements TenancyStore {
    private static final String VERSION = "select version from tenancy";
    private static final String LOCK = VERSION + " for update";
    private static final String NEXT = "update tenancy set version = version + 1";

    private final Transactions transactions;

    JdbcTenancyStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public long version() {
        return transactions.run(connection -> version(connection, VERSION));
    }

    /** Changes wait meanwhile. H2's snapshots of several tables are not always of one moment. */
    @Override
    public Tenancy load() {
        return transactions.run(connection ->
                new Tenancy(version(connection, LOCK), TenantTable.all(connection), KeyTable.all(connection)));
    }

    @Override
    public boolean create(Tenant tenant, AuditEntry audit) {
        return change(audit, connection -> TenantTable.insert(connection, tenant));
    }

    @Override
    public boolean update(Tenant tenant, AuditEntry audit) {
        return change(audit, connection -> TenantTable.update(connection, tenant));
    }

    @Override
    public boolean delete(String name, long at, AuditEntry audit) {
        String storable = Texts.storable(name);
        return change(audit, connection -> {
            if (!TenantTable.delete(connection, storable, at)) {
                return false;
            }
            KeyTable.revokeOf(connection, storable, at);
            return true;
        });
    }

    @Override
    public boolean create(ApiKey key, AuditEntry audit) {
        return change(audit, connection -> {
            if (!TenantTable.exists(connection, key.tenant())
                    || KeyTable.find(connection, key.id()).isPresent()) {
                return false;
            }
            KeyTable.insert(connection, key);
            return true;
        });
    }

    @Override
    public Optional<ApiKey> revoke(String keyId, long at, AuditEntry audit) {
        String storable = Texts.storable(keyId);
        return transactions.run(connection -> {
            version(connection, LOCK);
            if (!KeyTable.revoke(connection, storable, at)) {
                return Optional.empty();
            }
            note(connection, audit);
            return KeyTable.find(connection, storable);
        });
    }

    /** @param work that says whether it has changed anything; only then there is something to note */
    private boolean change(AuditEntry audit, Transactions.Work<Boolean> work) {
        return transactions.run(connection -> {
            version(connection, LOCK);
            if (!work.on(connection)) {
                return false;
            }
            note(connection, audit);
            return true;
        });
    }

    private static void note(Connection connection, AuditEntry audit) throws SQLException {
        Statements.update(connection, NEXT);
        JdbcAuditLog.insert(connection, audit);
    }

    private static long version(Connection connection, String sql) throws SQLException {
        return Statements.one(connection, sql, row -> row.getLong(1));
    }
}
