package dev.troupe.node;

/** Something the user can put right: shown as one line, without a stack trace. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, where, and what to do */
    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
