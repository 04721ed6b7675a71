package dev.troupe.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresPictureStoreTest extends PictureStoreContract {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @Override
    DatabaseConfig config() {
        return POSTGRES.config();
    }
}
