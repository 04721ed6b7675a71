package dev.troupe.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conversations in SQL. The row of a conversation is locked while something is appended, so appends come one after another. */
final class JdbcConversationStore implements ConversationStore {
    private static final String INSERT =
            "insert into conversation (id, tenant, created_at, version, metadata) values (?, ?, ?, ?, ?)";
    /** One statement, so that version and items are of one moment. */
    private static final String SELECT = "select c.created_at, c.version, c.metadata, i.id, i.request_id, i.body"
            + " from conversation c left join conversation_item i on i.conversation_id = c.id"
            + " where c.id = ? and c.tenant = ? order by i.position";

    private static final String SELECT_VERSION = "select version from conversation where id = ? and tenant = ?";
    private static final String LOCK = SELECT_VERSION + " for update";
    private static final String SELECT_REQUEST =
            "select count(*) from conversation_item where conversation_id = ? and request_id = ?";
    private static final String SELECT_SIZE = "select count(*) from conversation_item where conversation_id = ?";
    private static final String INSERT_ITEM =
            "insert into conversation_item (conversation_id, position, id, request_id, body) values (?, ?, ?, ?, ?)";
    private static final String UPDATE = "update conversation set version = version + 1 where id = ?";
    private static final String DELETE = "delete from conversation where id = ? and tenant = ?";

    private final Transactions transactions;

    JdbcConversationStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void create(StoredConversation conversation) {
        transactions.run(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setString(1, conversation.id());
                insert.setString(2, conversation.tenant());
                insert.setLong(3, conversation.createdAt());
                insert.setLong(4, conversation.version());
                insert.setString(5, conversation.metadata());
                insert.executeUpdate();
            }
            return insert(connection, conversation.id(), 0, conversation.items());
        });
    }

    @Override
    public Optional<Long> version(String tenant, String id) {
        return transactions.run(connection -> version(connection, SELECT_VERSION, tenant, id));
    }

    @Override
    public Optional<StoredConversation> load(String tenant, String id) {
        return transactions.run(connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setString(1, id);
                select.setString(2, tenant);
                ResultSet rows = select.executeQuery();
                if (!rows.next()) {
                    return Optional.empty();
                }
                return Optional.of(new StoredConversation(
                        id, tenant, rows.getLong(1), rows.getLong(2), rows.getString(3), items(rows)));
            }
        });
    }

    /** @param rows at the first; a conversation without items has one, with nothing in their columns */
    private static List<StoredItem> items(ResultSet rows) throws SQLException {
        List<StoredItem> items = new ArrayList<>();
        do {
            if (rows.getString(4) != null) {
                items.add(new StoredItem(rows.getString(4), rows.getString(5), rows.getString(6)));
            }
        } while (rows.next());
        return items;
    }

    @Override
    public Outcome append(String tenant, String id, String requestId, long version, List<StoredItem> items) {
        return transactions.run(connection -> {
            Optional<Long> found = version(connection, LOCK, tenant, id);
            if (found.isEmpty()) {
                return Outcome.UNKNOWN;
            }
            if (count(connection, SELECT_REQUEST, id, requestId) > 0) {
                return Outcome.REPEATED;
            }
            if (found.get() != version) {
                return Outcome.CONFLICT;
            }
            insert(connection, id, count(connection, SELECT_SIZE, id), items);
            try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
                update.setString(1, id);
                update.executeUpdate();
            }
            return Outcome.APPENDED;
        });
    }

    private static Optional<Long> version(Connection connection, String sql, String tenant, String id)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, id);
            select.setString(2, tenant);
            ResultSet row = select.executeQuery();
            return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
        }
    }

    private static int count(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            ResultSet row = select.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }

    private static int insert(Connection connection, String id, int position, List<StoredItem> items)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT_ITEM)) {
            for (int i = 0; i < items.size(); i++) {
                StoredItem item = items.get(i);
                insert.setString(1, id);
                insert.setInt(2, position + i);
                insert.setString(3, item.id());
                insert.setString(4, item.requestId());
                insert.setString(5, item.body());
                insert.addBatch();
            }
            return insert.executeBatch().length;
        }
    }

    @Override
    public boolean delete(String tenant, String id) {
        return transactions.run(connection -> {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                delete.setString(1, id);
                delete.setString(2, tenant);
                return delete.executeUpdate() > 0;
            }
        });
    }
}
