package dev.troupe.node;

import dev.troupe.store.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where is kept what must outlast the pool. */
final class DatabaseOptions {
    private static final int MOST_DAYS = 36_500;
    static final String PASSWORD_VARIABLE = "TROUPE_DB_PASSWORD";

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            description =
                    "Database for conversations: jdbc:postgresql://HOST:PORT/NAME, or jdbc:h2:file:PATH, which is one"
                            + " process's own. Without it serve keeps them in a file in its data folder, and node in the pool's"
                            + " memory.")
    private String url;

    @Option(names = "--db-user", paramLabel = "NAME", description = "User of the database.")
    private String user;

    @Option(
            names = "--db-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the user's password (default: $$" + PASSWORD_VARIABLE + ").")
    private Path passwordFile;

    @Option(
            names = "--request-log-days",
            paramLabel = "DAYS",
            defaultValue = "30",
            description = "How long what is logged of requests is kept (default: ${DEFAULT-VALUE}).")
    private int requestLogDays;

    /** @return the same with what else was asked for */
    DatabaseConfig keeping(DatabaseConfig where) {
        if (requestLogDays < 1 || requestLogDays > MOST_DAYS) {
            throw new UserError("--request-log-days must be between 1 and " + MOST_DAYS + ", not " + requestLogDays);
        }
        return where.keepingRequestLog(Duration.ofDays(requestLogDays));
    }

    /** @return empty when none is named */
    Optional<DatabaseConfig> database() {
        if (url == null) {
            if (user != null || passwordFile != null) {
                throw new UserError(
                        "--db-user and --db-password-file belong to a --db-url; name it, or leave them out");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(keeping(new DatabaseConfig(url, Optional.ofNullable(user), password())));
        } catch (IllegalArgumentException e) {
            throw new UserError("--db-url: " + e.getMessage(), e);
        }
    }

    private Optional<String> password() {
        if (passwordFile == null) {
            return Optional.ofNullable(System.getenv(PASSWORD_VARIABLE));
        }
        try {
            return Files.readString(passwordFile).lines().findFirst();
        } catch (IOException e) {
            throw new UserError("cannot read --db-password-file " + passwordFile + ": " + e, e);
        }
    }
}
