package dev.troupe.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The audit log in SQL. Its lines about the store come with what they tell of, in the same transaction. */
final class JdbcAuditLog implements AuditLog {
    private static final String COLUMNS = "noted_at, actor, action, subject, detail";
    private static final String INSERT = Statements.insert("audit_entry", COLUMNS);
    private static final String LATEST = "select " + COLUMNS + " from audit_entry order by id desc limit ?";

    private final Transactions transactions;

    JdbcAuditLog(Transactions transactions) {
        this.transactions = transactions;
    }

    static void insert(Connection connection, AuditEntry entry) throws SQLException {
        Statements.update(
                connection, INSERT, entry.at(), entry.actor(), entry.action(), entry.subject(), entry.detail());
    }

    @Override
    public void note(AuditEntry entry) {
        transactions.run(connection -> {
            insert(connection, entry);
            return entry;
        });
    }

    @Override
    public List<AuditEntry> latest(int most) {
        return transactions.run(connection -> Statements.select(
                connection,
                LATEST,
                row -> new AuditEntry(
                        row.getLong(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)),
                most));
    }
}
