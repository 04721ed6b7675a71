package dev.troupe.bench;

/** Something the user can put right: shown as one line, without a stack trace. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message what is wrong, where, and what to do */
    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
