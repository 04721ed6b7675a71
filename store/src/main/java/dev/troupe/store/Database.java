package dev.troupe.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** An open database with the schema of this release. */
public final class Database implements AutoCloseable {
    private static final int CONNECTIONS = 8;
    private static final int CONNECT_SECONDS = 5;
    private static final String MIGRATIONS = "classpath:dev/troupe/store/migration";

    /**
     * With a write delay H2 acknowledges what a killed process takes with it. Without the exit hook the database lives until {@link #close},
     * also while requests still end.
     */
    private static final String H2_SETTINGS =
            ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

    private final HikariDataSource pool;
    private final Transactions transactions;
    private final Duration requestLogKept;

    private Database(HikariDataSource pool, Transactions transactions, Duration requestLogKept) {
        this.pool = pool;
        this.transactions = transactions;
        this.requestLogKept = requestLogKept;
    }

    /**
     * Connects and brings the schema up to date; from a tenth of a second to seconds.
     *
     * @throws StoreException when the database cannot be reached, lets us not in, is in use, or is of a newer release
     */
    public static Database open(DatabaseConfig config) {
        Failures failures = new Failures(config);
        tryConnection(config, failures);
        HikariDataSource pool = new HikariDataSource(pooled(config));
        try {
            migrate(pool, failures);
            return new Database(pool, new Transactions(pool, failures), config.requestLogKept());
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    public ConversationStore conversations() {
        return new JdbcConversationStore(transactions);
    }

    public TenancyStore tenancy() {
        return new JdbcTenancyStore(transactions);
    }

    public AuditLog audit() {
        return new JdbcAuditLog(transactions);
    }

    public UsageLedger usage() {
        return new JdbcUsageLedger(transactions);
    }

    public RequestLog requests() {
        return new JdbcRequestLog(transactions);
    }

    public PictureStore pictures() {
        return new JdbcPictureStore(transactions, blobs());
    }

    public BlobStore blobs() {
        return new JdbcBlobStore(transactions);
    }

    public PoolSecrets secrets() {
        return new JdbcPoolSecrets(transactions);
    }

    /**
     * Takes away content that no picture needs any more.
     *
     * @param putBefore seconds since 1970; long enough ago that nobody is about to need it
     * @return how many went
     */
    public int sweepBlobs(long putBefore) {
        return new JdbcPictureStore(transactions, blobs()).sweep(putBefore);
    }

    /** @return how long what was logged of a request stays, see {@link RequestLog#deleteBefore} */
    public Duration requestLogKept() {
        return requestLogKept;
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Before the pool, which would try again and again and bury the reason. */
    private static void tryConnection(DatabaseConfig config, Failures failures) {
        Properties properties = new Properties();
        config.user().ifPresent(user -> properties.setProperty("user", user));
        config.password().ifPresent(password -> properties.setProperty("password", password));
        if (config.isFile()) {
            createFolder(config.path().getParent(), failures);
        } else {
            properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
        }
        try (Connection connection = DriverManager.getConnection(jdbcUrl(config), properties)) {
            connection.isValid(CONNECT_SECONDS);
        } catch (SQLException e) {
            throw failures.of(e);
        }
    }

    /** What people say is nobody else's business, so the folder is its owner's alone. */
    private static void createFolder(Path folder, Failures failures) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder.getParent());
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw failures.unwritable(folder, e);
        }
    }

    private static String jdbcUrl(DatabaseConfig config) {
        return config.isFile() ? config.url() + H2_SETTINGS : config.url();
    }

    private static HikariConfig pooled(DatabaseConfig config) {
        HikariConfig pooled = new HikariConfig();
        pooled.setPoolName("store");
        pooled.setJdbcUrl(jdbcUrl(config));
        config.user().ifPresent(pooled::setUsername);
        config.password().ifPresent(pooled::setPassword);
        pooled.setMaximumPoolSize(CONNECTIONS);
        pooled.setMinimumIdle(1);
        pooled.setConnectionTimeout(CONNECT_SECONDS * 1000L);
        pooled.setAutoCommit(false);
        return pooled;
    }

    private static void migrate(HikariDataSource pool, Failures failures) {
        try {
            Flyway flyway = Flyway.configure()
                    .dataSource(pool)
                    .locations(MIGRATIONS)
                    .loggers("slf4j")
                    .load();
            refuseNewer(flyway.info().all(), failures);
            flyway.migrate();
        } catch (FlywayException e) {
            throw failures.of(e);
        }
    }

    private static void refuseNewer(MigrationInfo[] migrations, Failures failures) {
        Arrays.stream(migrations)
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
                .reduce((older, newer) -> newer)
                .ifPresent(newest -> {
                    throw failures.newer(String.valueOf(newest.getVersion()));
                });
    }
}
