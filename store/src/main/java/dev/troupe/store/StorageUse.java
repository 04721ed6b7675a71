package dev.troupe.store;

import dev.troupe.store.PictureStore.Outcome;
import dev.troupe.store.PictureStore.Room;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/** How many bytes are kept for whom. Within a transaction that holds the tenant's row. */
final class StorageUse {
    /** In place of a key's id. */
    static final String WHOLE_TENANT = "";

    private static final String BEGIN =
            Statements.insert("storage_use", "tenant, key_id, bytes") + " on conflict do nothing";
    private static final String ADD = "update storage_use set bytes = bytes + ? where tenant = ? and key_id = ?";
    private static final String ADD_WITHIN = ADD + " and bytes + ? <= ?";
    private static final String USED =
            "select coalesce(sum(bytes), 0) from storage_use where tenant = ? and key_id = ?";

    void lock(Connection connection, String tenant) throws SQLException {
        Statements.update(connection, BEGIN, tenant, WHOLE_TENANT, 0L);
        Statements.update(connection, ADD, 0L, tenant, WHOLE_TENANT);
    }

    /** @return {@link Outcome#KEPT} when there was room for it, which is taken then */
    Outcome take(Connection connection, StoredPicture picture, Room room) throws SQLException {
        if (!take(connection, picture, WHOLE_TENANT, room.ofTenant())) {
            return Outcome.NO_ROOM_FOR_TENANT;
        }
        if (picture.keyId().isEmpty()) {
            return Outcome.KEPT;
        }
        String key = picture.keyId().get();
        Statements.update(connection, BEGIN, picture.tenant(), key, 0L);
        if (take(connection, picture, key, room.ofKey())) {
            return Outcome.KEPT;
        }
        Statements.update(connection, ADD, -(long) picture.bytes(), picture.tenant(), WHOLE_TENANT);
        return Outcome.NO_ROOM_FOR_KEY;
    }

    private static boolean take(Connection connection, StoredPicture picture, String key, OptionalLong most)
            throws SQLException {
        long bytes = picture.bytes();
        int changed = most.isEmpty()
                ? Statements.update(connection, ADD, bytes, picture.tenant(), key)
                : Statements.update(connection, ADD_WITHIN, bytes, picture.tenant(), key, bytes, most.getAsLong());
        return changed == 1;
    }

    void giveBack(Connection connection, StoredPicture picture) throws SQLException {
        long bytes = picture.bytes();
        Statements.update(connection, ADD, -bytes, picture.tenant(), WHOLE_TENANT);
        if (picture.keyId().isPresent()) {
            Statements.update(
                    connection, ADD, -bytes, picture.tenant(), picture.keyId().get());
        }
    }

    long used(Connection connection, String tenant, String key) throws SQLException {
        return Statements.one(connection, USED, row -> row.getLong(1), Texts.storable(tenant), Texts.storable(key));
    }
}
