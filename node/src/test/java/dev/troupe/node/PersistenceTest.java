package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.LoggedRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersistenceTest {
    @Test
    void whatWasLoggedTooLongAgoIsDeletedAndTheRestStays(@TempDir Path folder) {
        DatabaseConfig config = DatabaseConfig.file(folder.resolve("db")).keepingRequestLog(Duration.ofDays(2));
        long now = System.currentTimeMillis();
        try (Database database = Database.open(config)) {
            database.requests()
                    .write(List.of(
                            logged("old", now - Duration.ofDays(3).toMillis()),
                            logged("young", now - Duration.ofDays(1).toMillis())));
        }

        Database database = Database.open(config);
        try (Persistence persistence = new Persistence(Optional.of(database))) {
            TroupeProcess.eventually(
                    Duration.ofSeconds(20),
                    "the old one to go",
                    () -> database.requests().latest("tenant", 9).size() == 1);
            assertThat(persistence.stores()).isPresent();
            assertThat(database.requests().latest("tenant", 9).get(0).requestId())
                    .isEqualTo("young");
        }
    }

    private static LoggedRequest logged(String id, long atMillis) {
        return new LoggedRequest(
                id,
                "tenant",
                Optional.empty(),
                "/v1/chat/completions",
                "model",
                atMillis,
                200,
                "success",
                Optional.empty(),
                Optional.empty());
    }
}
