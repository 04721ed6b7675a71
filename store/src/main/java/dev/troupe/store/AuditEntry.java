package dev.troupe.store;

/**
 * One thing that an administrator did. Texts that are too long are cut, and what the database cannot hold is replaced.
 *
 * @param at seconds since 1970
 * @param actor the id of an admin key, or "local"
 * @param action such as "key.create"
 * @param subject the name or id of what was changed
 * @param detail a JSON object without secrets
 */
public record AuditEntry(long at, String actor, String action, String subject, String detail) {
    public AuditEntry {
        actor = Texts.storable(actor, 128);
        action = Texts.storable(action, 64);
        subject = Texts.storable(subject, 128);
        detail = Texts.storable(detail);
    }
}
