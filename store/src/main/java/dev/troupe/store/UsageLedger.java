package dev.troupe.store;

import java.util.List;
import java.util.Map;

/**
 * Who used what. A row that is written is never changed. Periods are of requests that ended in [from, to), in milliseconds since 1970, of
 * which neither is negative.
 *
 * <p>Every call blocks; see the package. Each throws {@link StoreException} when the database fails.
 */
public interface UsageLedger {
    /** At most so many buckets at a time. */
    int MOST_BUCKETS = 10_000;

    /** What a sum is told by. */
    enum GroupBy {
        /** In UTC, as {@code yyyy-MM-dd}. */
        DAY,
        MODEL,
        /** Its id; the empty text where there was none. */
        KEY
    }

    /** @param fromMillis when it begins; it ends where the next one begins */
    record Bucket(long fromMillis, UsageSum sum) {}

    /**
     * Each request once, by its id, whoever writes it however often; the first that is written holds. All in one transaction: when it
     * returns they are on disk, when it fails none is, but for a transaction whose answer was lost.
     */
    void record(List<UsageRow> rows);

    UsageSum total(String tenant, long fromMillis, long toMillis);

    /** @return in the order of the groups' code units; only groups with a request */
    Map<String, UsageSum> grouped(String tenant, long fromMillis, long toMillis, GroupBy by);

    /**
     * @param widthMillis of a bucket; the first begins at {@code fromMillis}, the last ends at {@code toMillis}
     * @return all, the empty ones too
     * @throws IllegalArgumentException when there would be more than {@link #MOST_BUCKETS}
     */
    List<Bucket> buckets(String tenant, long fromMillis, long toMillis, long widthMillis);
}
