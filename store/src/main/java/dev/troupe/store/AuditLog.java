package dev.troupe.store;

import java.util.List;

/** What administrators did. Nothing is ever taken away or changed. Blocks; throws {@link StoreException} when the database fails. */
public interface AuditLog {
    /** What is changed in the store is noted with the change; this is for what is done elsewhere. Durable when it returns. */
    void note(AuditEntry entry);

    /** @return the newest first */
    List<AuditEntry> latest(int most);
}
