package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told when the database is not as it should be: one line, and never a password. */
class DatabaseTest {
    private static final String SECRET = "hunter2";

    @TempDir
    private Path folder;

    @Test
    void unreachableDatabaseSaysWhatToCheckAndKeepsThePassword() {
        DatabaseConfig nowhere = new DatabaseConfig(
                "jdbc:postgresql://127.0.0.1:1/db?password=" + SECRET, Optional.of("me"), Optional.of(SECRET));

        assertOneLine(() -> Database.open(nowhere), "jdbc:postgresql://127.0.0.1:1/db cannot be reached", "--db-url");
        assertThat(nowhere.toString()).doesNotContain(SECRET);
    }

    @Test
    void foreignUrlIsRefusedWithoutItsPassword() {
        assertOneLine(
                () -> new DatabaseConfig("jdbc:mysql://me:" + SECRET + "@host/db", Optional.empty(), Optional.empty()),
                "jdbc:postgresql://HOST:PORT/NAME",
                "jdbc:mysql://host/db");
        assertOneLine(
                () -> new DatabaseConfig("jdbc:h2:file:/x;INIT=y", Optional.empty(), Optional.empty()),
                "without settings");
    }

    @Test
    void fileInUseSaysSo() {
        DatabaseConfig config = file();
        try (Database open = Database.open(config)) {
            assertThat(open.conversations().load("t", "c")).isEmpty();
            // The same process may share a database; another one is what the lock keeps out.
            assertThatAnotherProcessIsRefused(config);
        }
    }

    private static void assertThatAnotherProcessIsRefused(DatabaseConfig config) {
        try {
            Process other = KilledProgram.start(CrashWriter.class, config)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(other.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(other.waitFor()).isNotZero();
            assertThat(said).contains("is in use by another process", "--db-url jdbc:h2:file:PATH");
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void schemaOfANewerReleaseIsRefused() throws Exception {
        Database.open(file()).close();
        try (Connection connection =
                        DriverManager.getConnection(file().url() + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE");
                Statement statement = connection.createStatement()) {
            statement.execute("insert into \"flyway_schema_history\" values"
                    + " (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'sa', current_timestamp, 1, true)");
        }

        assertOneLine(() -> Database.open(file()), "schema version 99", "newer than this release");
    }

    @Test
    void folderOfTheFileIsItsOwnersAlone() throws Exception {
        Database.open(file()).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("db"))))
                .isEqualTo("rwx------");
    }

    @Test
    void fileThatIsNoDatabaseIsNamed() throws Exception {
        Files.createDirectories(folder.resolve("db"));
        Files.writeString(folder.resolve("db").resolve("troupe.mv.db"), "not a database at all".repeat(1000));

        assertOneLine(() -> Database.open(file()), "the database jdbc:h2:file:", "failed");
    }

    @Test
    void postgresRefusalsNameTheOptionsAndNoPassword() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            assertOneLine(() -> Database.open(server.config(SECRET)), "does not let us in", "TROUPE_DB_PASSWORD");
            assertOneLine(
                    () -> Database.open(new DatabaseConfig(
                            server.url("nothere"),
                            Optional.of(PostgresServer.USER),
                            Optional.of(PostgresServer.PASSWORD))),
                    "/nothere does not exist",
                    "create it");
            Database.open(server.config()).close();
        }
    }

    private DatabaseConfig file() {
        return DatabaseConfig.file(folder.resolve("db").resolve("troupe"));
    }

    private static void assertOneLine(ThrowingCallable opening, String... parts) {
        assertThatThrownBy(opening)
                .hasMessageContainingAll(parts)
                .satisfies(failure ->
                        assertThat(failure.getMessage().lines().toList()).isEqualTo(List.of(failure.getMessage())))
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(SECRET));
    }
}
