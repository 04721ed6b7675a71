package dev.troupe.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;

/** The request log in SQL. */
final class JdbcRequestLog implements RequestLog {
    private static final String COLUMNS =
            "request_id, tenant, key_id, path, model, logged_at, status, outcome, request, response";
    private static final String INSERT = Statements.insert("request_log", COLUMNS) + " on conflict do nothing";
    private static final String LATEST =
            "select " + COLUMNS + " from request_log where tenant = ? order by logged_at desc, request_id desc limit ?";
    private static final String DELETE_BEFORE = "delete from request_log where logged_at < ?";
    private static final String DELETE_OF = "delete from request_log where tenant = ?";

    private final Transactions transactions;

    JdbcRequestLog(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void write(List<LoggedRequest> requests) {
        // In one order, as in the ledger.
        List<Object[]> ordered = requests.stream()
                .sorted(Comparator.comparing(LoggedRequest::requestId))
                .map(LoggedRequest::redacted)
                .map(JdbcRequestLog::values)
                .toList();
        transactions.run(connection -> {
            Statements.batch(connection, INSERT, ordered);
            return ordered.size();
        });
    }

    private static Object[] values(LoggedRequest request) {
        return new Object[] {
            request.requestId(),
            request.tenant(),
            request.keyId(),
            request.path(),
            request.model(),
            request.atMillis(),
            request.status(),
            request.outcome(),
            request.request(),
            request.response()
        };
    }

    @Override
    public List<LoggedRequest> latest(String tenant, int most) {
        return transactions.run(connection ->
                Statements.select(connection, LATEST, JdbcRequestLog::read, Texts.storable(tenant), most));
    }

    private static LoggedRequest read(ResultSet row) throws SQLException {
        return new LoggedRequest(
                row.getString("request_id"),
                row.getString("tenant"),
                Statements.optionalText(row, "key_id"),
                row.getString("path"),
                row.getString("model"),
                row.getLong("logged_at"),
                row.getInt("status"),
                row.getString("outcome"),
                Statements.optionalText(row, "request"),
                Statements.optionalText(row, "response"));
    }

    @Override
    public int deleteBefore(long atMillis) {
        return transactions.run(connection -> Statements.update(connection, DELETE_BEFORE, atMillis));
    }

    @Override
    public int deleteOf(String tenant) {
        return transactions.run(connection -> Statements.update(connection, DELETE_OF, Texts.storable(tenant)));
    }
}
