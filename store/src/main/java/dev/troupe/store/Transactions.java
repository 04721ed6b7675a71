package dev.troupe.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Work that is done wholly or not at all. */
final class Transactions {
    private final DataSource connections;
    private final Failures failures;

    Transactions(DataSource connections, Failures failures) {
        this.connections = connections;
        this.failures = failures;
    }

    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Commits what the work does; when it returns, that is durable.
     *
     * @throws StoreException when the database fails; nothing of the work holds then, but for a commit whose answer was lost
     */
    <T> T run(Work<T> work) {
        try (Connection connection = connections.getConnection()) {
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw failures.of(e);
        }
    }

    private static void rollback(Connection connection, Exception because) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }
}
