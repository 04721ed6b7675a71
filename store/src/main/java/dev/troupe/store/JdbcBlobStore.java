package dev.troupe.store;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Content in SQL, in parts: a content is there when its last part is, since all come in one transaction. */
final class JdbcBlobStore implements BlobStore {
    static final int PART_BYTES = 512 << 10;
    private static final String INSERT =
            Statements.insert("blob_part", "name, part, put_at, content") + " on conflict do nothing";
    private static final String GET = "select content from blob_part where name = ? order by part";
    private static final String DELETE = "delete from blob_part where name = ?";
    private static final String BEFORE =
            "select name from blob_part where part = 0 and put_at < ? and name > ? order by name limit ?";

    private final Transactions transactions;

    JdbcBlobStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void put(String name, byte[] content, long atSeconds) {
        List<Object[]> parts = new ArrayList<>();
        for (int from = 0; from < content.length; from += PART_BYTES) {
            byte[] part = Arrays.copyOfRange(content, from, Math.min(content.length, from + PART_BYTES));
            parts.add(new Object[] {name, parts.size(), atSeconds, part});
        }
        transactions.run(connection -> {
            Statements.batch(connection, INSERT, parts);
            return parts.size();
        });
    }

    @Override
    public Optional<byte[]> get(String name) {
        List<byte[]> parts = transactions.run(
                connection -> Statements.select(connection, GET, row -> row.getBytes("content"), Texts.storable(name)));
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(parts.size() * PART_BYTES);
        parts.forEach(whole::writeBytes);
        return Optional.of(whole.toByteArray());
    }

    @Override
    public void delete(String name) {
        transactions.run(connection -> Statements.update(connection, DELETE, Texts.storable(name)));
    }

    @Override
    public List<String> putBefore(long atSeconds, String afterName, int most) {
        return transactions.run(connection -> Statements.select(
                connection, BEFORE, row -> row.getString("name"), atSeconds, Texts.storable(afterName), most));
    }
}
