package dev.troupe.store;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.cluster.tenant.Scope;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Keys, within a transaction. */
final class KeyTable {
    private static final String COLUMNS =
            "id, tenant, hash, scopes, created_at, expires_at, revoked_at, " + LimitColumns.NAMES;
    private static final String SELECT = "select " + COLUMNS + " from api_key";
    private static final String SELECT_ALL =
            SELECT + " where tenant in (select name from tenant where deleted_at is null) order by created_at, id";
    private static final String SELECT_ONE = SELECT + " where id = ?";
    private static final String INSERT = Statements.insert("api_key", COLUMNS);
    /** Of two times the earlier holds. */
    private static final String REVOKE =
            "update api_key set revoked_at = case when revoked_at < ? then revoked_at else ? end where ";

    private static final String REVOKE_ONE = REVOKE + "id = ?";
    private static final String REVOKE_OF = REVOKE + "tenant = ?";

    private KeyTable() {}

    /** @return of the tenants that there are */
    static List<ApiKey> all(Connection connection) throws SQLException {
        return Statements.select(connection, SELECT_ALL, KeyTable::read);
    }

    static Optional<ApiKey> find(Connection connection, String id) throws SQLException {
        return Statements.select(connection, SELECT_ONE, KeyTable::read, id).stream()
                .findFirst();
    }

    static void insert(Connection connection, ApiKey key) throws SQLException {
        List<Object> values = new ArrayList<>(List.of(
                key.id(),
                key.tenant(),
                key.hash(),
                words(key.scopes()),
                key.createdAt(),
                key.expiresAt(),
                key.revokedAt()));
        values.addAll(LimitColumns.values(key.limits()));
        Statements.update(connection, INSERT, values.toArray());
    }

    /** @return whether there is one */
    static boolean revoke(Connection connection, String id, long at) throws SQLException {
        return Statements.update(connection, REVOKE_ONE, at, at, id) > 0;
    }

    static void revokeOf(Connection connection, String tenant, long at) throws SQLException {
        Statements.update(connection, REVOKE_OF, at, at, tenant);
    }

    private static ApiKey read(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                row.getString("tenant"),
                row.getString("hash"),
                scopes(row.getString("scopes")),
                LimitColumns.read(row),
                row.getLong("created_at"),
                Statements.optionalLong(row, "expires_at"),
                Statements.optionalLong(row, "revoked_at"));
    }

    private static String words(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::word).collect(Collectors.joining(","));
    }

    private static Set<Scope> scopes(String words) {
        return Arrays.stream(words.split(","))
                .filter(word -> !word.isEmpty())
                .map(word -> Scope.of(word).orElseThrow())
                .collect(Collectors.toUnmodifiableSet());
    }
}
