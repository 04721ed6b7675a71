package dev.troupe.store;

import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Tenant;
import dev.troupe.cluster.tenant.Tenant.Logging;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tenants and the models that they may use, within a transaction. */
final class TenantTable {
    private static final String COLUMNS = "name, weight, priority, logging, created_at, " + LimitColumns.NAMES;
    private static final String SELECT =
            "select " + COLUMNS + " from tenant where deleted_at is null order by created_at, name";
    private static final String SELECT_MODELS = "select tenant, model from tenant_model";
    /** Of those that were deleted as well. */
    private static final String COUNT_NAME = "select count(*) from tenant where name = ?";

    private static final String COUNT = COUNT_NAME + " and deleted_at is null";
    private static final String INSERT = Statements.insert("tenant", COLUMNS);
    private static final String UPDATE = "update tenant set weight = ?, priority = ?, logging = ?, " + LimitColumns.SET
            + " where name = ? and deleted_at is null";
    private static final String DELETE = "update tenant set deleted_at = ? where name = ? and deleted_at is null";
    private static final String INSERT_MODEL = Statements.insert("tenant_model", "tenant, model");
    private static final String DELETE_MODELS = "delete from tenant_model where tenant = ?";

    private TenantTable() {}

    static List<Tenant> all(Connection connection) throws SQLException {
        Map<String, Set<String>> models = new HashMap<>();
        Statements.select(
                connection, SELECT_MODELS, row -> models.computeIfAbsent(row.getString(1), tenant -> new HashSet<>())
                        .add(row.getString(2)));
        return Statements.select(
                connection, SELECT, row -> read(row, models.getOrDefault(row.getString("name"), Set.of())));
    }

    static boolean exists(Connection connection, String name) throws SQLException {
        return Statements.one(connection, COUNT, row -> row.getInt(1) > 0, name);
    }

    /** @return whether the name was free */
    static boolean insert(Connection connection, Tenant tenant) throws SQLException {
        if (Statements.one(connection, COUNT_NAME, row -> row.getInt(1) > 0, tenant.name())) {
            return false;
        }
        List<Object> values = new ArrayList<>(List.of(
                tenant.name(), tenant.weight(), tenant.priority().word(), word(tenant.logging()), tenant.createdAt()));
        values.addAll(LimitColumns.values(tenant.limits()));
        Statements.update(connection, INSERT, values.toArray());
        insertModels(connection, tenant);
        return true;
    }

    /** @return whether there is one */
    static boolean update(Connection connection, Tenant tenant) throws SQLException {
        List<Object> values =
                new ArrayList<>(List.of(tenant.weight(), tenant.priority().word(), word(tenant.logging())));
        values.addAll(LimitColumns.values(tenant.limits()));
        values.add(tenant.name());
        if (Statements.update(connection, UPDATE, values.toArray()) == 0) {
            return false;
        }
        Statements.update(connection, DELETE_MODELS, tenant.name());
        insertModels(connection, tenant);
        return true;
    }

    /** @return whether there was one */
    static boolean delete(Connection connection, String name, long at) throws SQLException {
        return Statements.update(connection, DELETE, at, name) > 0;
    }

    private static void insertModels(Connection connection, Tenant tenant) throws SQLException {
        Statements.batch(
                connection,
                INSERT_MODEL,
                tenant.models().stream()
                        .map(model -> new Object[] {tenant.name(), model})
                        .toList());
    }

    private static Tenant read(ResultSet row, Set<String> models) throws SQLException {
        return new Tenant(
                row.getString("name"),
                row.getInt("weight"),
                Priority.of(row.getString("priority")).orElseThrow(),
                LimitColumns.read(row),
                models,
                Logging.valueOf(row.getString("logging").toUpperCase(Locale.ROOT)),
                row.getLong("created_at"));
    }

    private static String word(Logging logging) {
        return logging.name().toLowerCase(Locale.ROOT);
    }
}
