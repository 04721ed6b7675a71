package dev.troupe.store;

import java.util.List;

/**
 * What was asked and answered, as far as each tenant lets it be written down; until it is too old, or its tenant wants it gone.
 *
 * <p>Every call blocks; see the package. Each throws {@link StoreException} when the database fails.
 */
public interface RequestLog {
    /** Each once by its id, without {@link Redaction secrets}, all in one transaction. Texts of more than 2<sup>20</sup> chars are cut. */
    void write(List<LoggedRequest> requests);

    /** @return the newest first */
    List<LoggedRequest> latest(String tenant, int most);

    /**
     * @param atMillis since 1970; what is of that moment stays
     * @return how many went
     */
    int deleteBefore(long atMillis);

    /** @return how many went */
    int deleteOf(String tenant);
}
