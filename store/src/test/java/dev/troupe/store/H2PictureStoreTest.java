package dev.troupe.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2PictureStoreTest extends PictureStoreContract {
    @TempDir
    private Path folder;

    @Override
    DatabaseConfig config() {
        return DatabaseConfig.file(folder.resolve("db").resolve("troupe"));
    }
}
