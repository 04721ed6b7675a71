package dev.troupe.router.tls;

/** A certificate or its key is not usable. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message which file, what is wrong, what to do; nothing of a key */
    TlsException(String message, Throwable cause) {
        super(message, cause);
    }

    TlsException(String message) {
        super(message);
    }
}
