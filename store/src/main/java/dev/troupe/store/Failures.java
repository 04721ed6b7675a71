package dev.troupe.store;

import java.nio.file.Path;
import java.sql.SQLException;

/** What can be wrong with a database, in one line each. Drivers' own words are passed on without the password. */
final class Failures {
    private final DatabaseConfig config;

    Failures(DatabaseConfig config) {
        this.config = config;
    }

    StoreException of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return new StoreException(explained(sql), failure);
            }
        }
        return new StoreException(database() + " failed: " + words(failure), failure);
    }

    StoreException newer(String version) {
        return new StoreException(
                database() + " has schema version " + version
                        + ", which is newer than this release: run the newer release of Troupe, or name another database",
                null);
    }

    StoreException unwritable(Path folder, Throwable failure) {
        return new StoreException(
                "cannot create the folder " + folder + " for the database: " + words(failure)
                        + "; make it writable, or name another database with --db-url",
                failure);
    }

    private String explained(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return switch (state) {
            case "90020" ->
                database()
                        + " is in use by another process: stop that one, or give this one a database of its own with --db-url "
                        + DatabaseConfig.H2 + "PATH";
            case "28P01", "28000" ->
                database()
                        + " does not let us in: check --db-user and the password (TROUPE_DB_PASSWORD or --db-password-file)";
            case "3D000" -> database() + " does not exist: create it, or correct --db-url";
            case "42501" ->
                database() + " does not allow it: " + words(failure) + "; grant CREATE on its schema to the user";
            case "08001", "08004", "08006", "57P03", "53300" ->
                database() + " cannot be reached: " + words(failure)
                        + "; check that it runs and that --db-url is right";
            default -> database() + " failed: " + words(failure) + " (SQL state " + state + ")";
        };
    }

    private String database() {
        return "the database " + config.shown();
    }

    private String words(Throwable failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        String whole = line.replace(config.url(), config.shown());
        return config.password().isEmpty() || config.password().get().isEmpty()
                ? whole
                : whole.replace(config.password().get(), "***");
    }
}
