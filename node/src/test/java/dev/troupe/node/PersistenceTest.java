package dev.troupe.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.LoggedRequest;
import dev.troupe.store.PictureStore;
import dev.troupe.store.StoredPicture;
import dev.troupe.store.UsageRow;
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
        try (Persistence persistence = new Persistence(Optional.of(database), Optional.empty())) {
            TroupeProcess.eventually(
                    Duration.ofSeconds(20),
                    "the old one to go",
                    () -> database.requests().latest("tenant", 9).size() == 1);
            assertThat(persistence.stores()).isPresent();
            assertThat(database.requests().latest("tenant", 9).get(0).requestId())
                    .isEqualTo("young");
        }
    }

    @Test
    void picturesThatAreTooOldAreDeletedWhereThatIsAskedFor(@TempDir Path folder) {
        long now = System.currentTimeMillis();
        DatabaseConfig config = DatabaseConfig.file(folder.resolve("db"));
        try (Database database = Database.open(config)) {
            keep(database, "old", now - Duration.ofDays(3).toMillis());
            keep(database, "young", now - Duration.ofDays(1).toMillis());
        }

        Database database = Database.open(config);
        try (Persistence persistence = new Persistence(Optional.of(database), Optional.of(Duration.ofDays(2)))) {
            TroupeProcess.eventually(Duration.ofSeconds(20), "the old one to go", () -> database.pictures()
                    .find("tenant", "old")
                    .isEmpty());
            assertThat(persistence.stores()).isPresent();
            assertThat(database.pictures().content("tenant", "young")).isPresent();
        }
    }

    private static void keep(Database database, String id, long at) {
        StoredPicture picture = new StoredPicture(
                id, "tenant", Optional.empty(), at, "m", "f", Optional.empty(), Optional.empty(), "png", 1, "{}");
        UsageRow row = new UsageRow(id, "tenant", Optional.empty(), "m", "/v1/images", at, at, 0, 0, 0, 1, "success");
        database.pictures().keep(picture, new byte[1], PictureStore.Room.UNLIMITED, row);
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
