package dev.troupe.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the database is and who asks.
 *
 * @param url {@code jdbc:postgresql://…}, or {@code jdbc:h2:file:PATH}
 * @param user absent: the one that the URL names, else the driver's own choice
 * @param requestLogKept how long what was logged of a request stays
 */
public record DatabaseConfig(String url, Optional<String> user, Optional<String> password, Duration requestLogKept) {
    public static final Duration REQUEST_LOG_KEPT = Duration.ofDays(30);

    static final String H2 = "jdbc:h2:file:";
    private static final String POSTGRESQL = "jdbc:postgresql:";

    public DatabaseConfig {
        requireNonNull(user);
        requireNonNull(password);
        requireNonNull(requestLogKept);
        if (!url.startsWith(POSTGRESQL) && !url.startsWith(H2)) {
            throw new IllegalArgumentException(
                    "a database is jdbc:postgresql://HOST:PORT/NAME or " + H2 + "PATH, not \"" + shown(url) + "\"");
        }
        // H2 reads settings behind a semicolon, and ours are the ones that make it durable.
        if (url.startsWith(H2) && (url.length() == H2.length() || url.indexOf(';') >= 0)) {
            throw new IllegalArgumentException(H2 + " takes a path without settings behind it, not \"" + url + "\"");
        }
    }

    public DatabaseConfig(String url, Optional<String> user, Optional<String> password) {
        this(url, user, password, REQUEST_LOG_KEPT);
    }

    public DatabaseConfig keepingRequestLog(Duration kept) {
        return new DatabaseConfig(url, user, password, kept);
    }

    /** An embedded database: one process at a time. */
    public static DatabaseConfig file(Path path) {
        return new DatabaseConfig(H2 + path.toAbsolutePath(), Optional.empty(), Optional.empty());
    }

    boolean isFile() {
        return url.startsWith(H2);
    }

    Path path() {
        return Path.of(url.substring(H2.length())).toAbsolutePath();
    }

    /** @return the URL without what may hold a password */
    public String shown() {
        return shown(url);
    }

    private static String shown(String url) {
        int parameters = url.indexOf('?');
        return (parameters < 0 ? url : url.substring(0, parameters)).replaceFirst("//[^/]*@", "//");
    }

    @Override
    public String toString() {
        return "DatabaseConfig[" + shown() + "]";
    }
}
