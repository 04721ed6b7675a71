package dev.troupe.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Pictures in SQL, their content beside. The content comes first and goes last: a picture that is there has its content, and what was left
 * without a picture is swept up.
 */
final class JdbcPictureStore implements PictureStore {
    private static final String COLUMNS =
            "id, tenant, key_id, created_at, model, fingerprint, parent, conversation, type, bytes, details";
    private static final String SELECT = "select " + COLUMNS + " from picture where tenant = ?";
    private static final String INSERT = Statements.insert("picture", COLUMNS);
    private static final String FIND = SELECT + " and id = ?";
    private static final String OWNER = "select tenant from picture where id = ?";
    private static final String CONVERSATION =
            SELECT + " and conversation = ? order by created_at desc, id desc limit ?";
    private static final String NEWEST = SELECT + " order by created_at desc, id desc limit ?";
    private static final String OLDER = SELECT + " and (created_at < ? or (created_at = ? and id < ?))"
            + " order by created_at desc, id desc limit ?";
    private static final String DELETE = "delete from picture where tenant = ? and id = ?";
    private static final String OLD = "select " + COLUMNS + " from picture where created_at < ? order by id limit ?";
    private static final String KNOWN = "select count(*) from picture where id = ?";
    private static final String CHARGED = "select count(*) from usage_ledger where request_id = ?";
    private static final int SWEEP = 500;

    private final Transactions transactions;
    private final BlobStore blobs;
    private final StorageUse storage = new StorageUse();

    JdbcPictureStore(Transactions transactions, BlobStore blobs) {
        this.transactions = transactions;
        this.blobs = blobs;
    }

    @Override
    public Outcome keep(StoredPicture picture, byte[] content, Room room, UsageRow row) {
        if (content.length != picture.bytes() || !row.requestId().equals(picture.id())) {
            throw new IllegalArgumentException(picture + " with " + content.length + " bytes and a row of another");
        }
        blobs.put(picture.id(), content, row.endedMillis() / 1000);
        Outcome outcome = transactions.run(connection -> keep(connection, picture, room, row));
        if (outcome != Outcome.KEPT && find(picture.tenant(), picture.id()).isEmpty()) {
            blobs.delete(picture.id());
        }
        return outcome;
    }

    private Outcome keep(Connection connection, StoredPicture picture, Room room, UsageRow row) throws SQLException {
        // The tenant's row is locked first, so whoever keeps the same picture comes before or after.
        storage.lock(connection, picture.tenant());
        // What is in the ledger was kept: when it is gone, somebody has deleted it.
        if (count(connection, KNOWN, picture.id()) + count(connection, CHARGED, picture.id()) > 0) {
            return Outcome.REPEATED;
        }
        Outcome taken = storage.take(connection, picture, room);
        if (taken == Outcome.KEPT) {
            Statements.update(connection, INSERT, values(picture));
            JdbcUsageLedger.insert(connection, row);
        }
        return taken;
    }

    private static long count(Connection connection, String sql, String id) throws SQLException {
        return Statements.one(connection, sql, found -> found.getLong(1), id);
    }

    private static Object[] values(StoredPicture picture) {
        return new Object[] {
            picture.id(),
            picture.tenant(),
            picture.keyId(),
            picture.createdAt(),
            picture.model(),
            picture.fingerprint(),
            picture.parent(),
            picture.conversation(),
            picture.type(),
            picture.bytes(),
            picture.details()
        };
    }

    @Override
    public Optional<StoredPicture> find(String tenant, String id) {
        return select(FIND, Texts.storable(tenant), Texts.storable(id)).stream().findFirst();
    }

    @Override
    public Optional<String> owner(String id) {
        return transactions
                .run(connection ->
                        Statements.select(connection, OWNER, row -> row.getString("tenant"), Texts.storable(id)))
                .stream()
                .findFirst();
    }

    @Override
    public Optional<byte[]> content(String tenant, String id) {
        return find(tenant, id).flatMap(picture -> blobs.get(picture.id()));
    }

    @Override
    public List<StoredPicture> conversation(String tenant, String conversation, int most) {
        List<StoredPicture> found =
                new ArrayList<>(select(CONVERSATION, Texts.storable(tenant), Texts.storable(conversation), most));
        Collections.reverse(found);
        return found;
    }

    @Override
    public List<StoredPicture> page(String tenant, Optional<String> after, int most) {
        if (after.isEmpty()) {
            return select(NEWEST, Texts.storable(tenant), most);
        }
        return find(tenant, after.get())
                .map(last -> select(OLDER, Texts.storable(tenant), last.createdAt(), last.createdAt(), last.id(), most))
                .orElse(List.of());
    }

    private List<StoredPicture> select(String sql, Object... values) {
        return transactions.run(connection -> Statements.select(connection, sql, JdbcPictureStore::read, values));
    }

    private static StoredPicture read(ResultSet row) throws SQLException {
        return new StoredPicture(
                row.getString("id"),
                row.getString("tenant"),
                Statements.optionalText(row, "key_id"),
                row.getLong("created_at"),
                row.getString("model"),
                row.getString("fingerprint"),
                Statements.optionalText(row, "parent"),
                Statements.optionalText(row, "conversation"),
                row.getString("type"),
                row.getInt("bytes"),
                row.getString("details"));
    }

    @Override
    public boolean delete(String tenant, String id) {
        return find(tenant, id).map(this::delete).orElse(false);
    }

    private boolean delete(StoredPicture picture) {
        boolean deleted = transactions.run(connection -> {
            storage.lock(connection, picture.tenant());
            if (Statements.update(connection, DELETE, picture.tenant(), picture.id()) == 0) {
                return false;
            }
            storage.giveBack(connection, picture);
            return true;
        });
        blobs.delete(picture.id());
        return deleted;
    }

    @Override
    public int deleteBefore(long createdAt) {
        int gone = 0;
        List<StoredPicture> some;
        do {
            some = select(OLD, createdAt, SWEEP);
            gone += (int) some.stream().filter(this::delete).count();
        } while (some.size() == SWEEP);
        return gone;
    }

    /** Content whose picture never came to be or is gone: its process died between the two. */
    int sweep(long putBefore) {
        int gone = 0;
        String after = "";
        List<String> names;
        do {
            names = blobs.putBefore(putBefore, after, SWEEP);
            for (String name : names) {
                after = name;
                if (transactions.run(connection -> count(connection, KNOWN, name)) == 0) {
                    blobs.delete(name);
                    gone++;
                }
            }
        } while (names.size() == SWEEP);
        return gone;
    }

    @Override
    public long used(String tenant) {
        return transactions.run(connection -> storage.used(connection, tenant, StorageUse.WHOLE_TENANT));
    }

    @Override
    public long usedOfKey(String tenant, String keyId) {
        return transactions.run(connection -> storage.used(connection, tenant, keyId));
    }
}
