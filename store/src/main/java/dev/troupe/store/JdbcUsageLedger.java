package dev.troupe.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ledger in SQL. The primary key sees to it that a request is written once. */
final class JdbcUsageLedger implements UsageLedger {
    private static final long DAY_MILLIS = 86_400_000;
    private static final String INSERT = Statements.insert(
                    "usage_ledger",
                    "request_id, tenant, key_id, model, path, began_at, ended_at,"
                            + " prompt_tokens, cached_tokens, completion_tokens, images, outcome")
            + " on conflict do nothing";
    private static final String SUMS = "count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(cached_tokens), 0),"
            + " coalesce(sum(completion_tokens), 0), coalesce(sum(images), 0)";
    private static final String PERIOD = " from usage_ledger where tenant = ? and ended_at >= ? and ended_at < ?";
    private static final String TOTAL = "select " + SUMS + PERIOD;
    /** A query within the other, since two parameters are never the same expression. */
    private static final String BUCKETS = "select " + SUMS + ", bucket from (select (ended_at - ?) / ? as bucket,"
            + " prompt_tokens, cached_tokens, completion_tokens, images" + PERIOD
            + ") as rows_of_buckets group by bucket";

    private final Transactions transactions;

    JdbcUsageLedger(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void record(List<UsageRow> rows) {
        // All writers in one order: two with the same requests in another order each would wait for each other.
        List<Object[]> ordered = rows.stream()
                .sorted(Comparator.comparing(UsageRow::requestId))
                .map(JdbcUsageLedger::values)
                .toList();
        transactions.run(connection -> {
            Statements.batch(connection, INSERT, ordered);
            return ordered.size();
        });
    }

    /** With what it tells of, in the same transaction. */
    static void insert(Connection connection, UsageRow row) throws SQLException {
        Statements.update(connection, INSERT, values(row));
    }

    private static Object[] values(UsageRow row) {
        return new Object[] {
            row.requestId(),
            row.tenant(),
            row.keyId(),
            row.model(),
            row.path(),
            row.beganMillis(),
            row.endedMillis(),
            row.promptTokens(),
            row.cachedTokens(),
            row.completionTokens(),
            row.images(),
            row.outcome()
        };
    }

    @Override
    public UsageSum total(String tenant, long fromMillis, long toMillis) {
        return transactions.run(connection ->
                Statements.one(connection, TOTAL, JdbcUsageLedger::sum, Texts.storable(tenant), fromMillis, toMillis));
    }

    @Override
    public Map<String, UsageSum> grouped(String tenant, long fromMillis, long toMillis, GroupBy by) {
        String group = group(by);
        String sql = "select " + SUMS + ", " + group + PERIOD + " group by " + group;
        return transactions.run(connection -> {
            // Sorted here: what order texts have in SQL depends on the database's settings.
            SortedMap<String, UsageSum> groups = new TreeMap<>();
            Statements.select(
                    connection,
                    sql,
                    row -> groups.put(shown(by, row), sum(row)),
                    Texts.storable(tenant),
                    fromMillis,
                    toMillis);
            return Collections.unmodifiableSortedMap(groups);
        });
    }

    private static String group(GroupBy by) {
        return switch (by) {
            case DAY -> "ended_at / " + DAY_MILLIS;
            case MODEL -> "model";
            case KEY -> "coalesce(key_id, '')";
        };
    }

    private static String shown(GroupBy by, ResultSet row) throws SQLException {
        return switch (by) {
            case DAY -> LocalDate.ofEpochDay(row.getLong(6)).toString();
            case MODEL, KEY -> row.getString(6);
        };
    }

    @Override
    public List<Bucket> buckets(String tenant, long fromMillis, long toMillis, long widthMillis) {
        long count = bucketCount(fromMillis, toMillis, widthMillis);
        Map<Long, UsageSum> sums = new HashMap<>();
        transactions.run(connection -> Statements.select(
                connection,
                BUCKETS,
                row -> sums.put(row.getLong(6), sum(row)),
                fromMillis,
                widthMillis,
                Texts.storable(tenant),
                fromMillis,
                toMillis));
        List<Bucket> buckets = new ArrayList<>();
        for (long bucket = 0; bucket < count; bucket++) {
            buckets.add(new Bucket(fromMillis + bucket * widthMillis, sums.getOrDefault(bucket, UsageSum.NONE)));
        }
        return List.copyOf(buckets);
    }

    private static long bucketCount(long fromMillis, long toMillis, long widthMillis) {
        if (fromMillis < 0 || widthMillis < 1) {
            throw new IllegalArgumentException("buckets from " + fromMillis + " of " + widthMillis + " ms");
        }
        long count = toMillis <= fromMillis ? 0 : (toMillis - fromMillis - 1) / widthMillis + 1;
        if (count > MOST_BUCKETS) {
            throw new IllegalArgumentException(count + " buckets; at most " + MOST_BUCKETS + " at a time");
        }
        return count;
    }

    private static UsageSum sum(ResultSet row) throws SQLException {
        return new UsageSum(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
    }
}
