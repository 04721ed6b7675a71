package dev.troupe.store;

import java.util.List;

/** What administrators did. Nothing is ever taken away or changed. Blocks; throws {@link StoreException} when the database fails. */
public interface AuditLog {
    /** @return the newest first */
    List<AuditEntry> latest(int most);
}
