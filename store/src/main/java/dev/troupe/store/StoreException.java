package dev.troupe.store;

/** The database could not do it. The message is one line: what is wrong, where, and what to do; never a password. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
