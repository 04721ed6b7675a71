package dev.troupe.models.hub;

/** A model that cannot be had. The message is one line: what is wrong and what to do. */
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HubException(String message) {
        this(message, null);
    }

    HubException(String message, Throwable cause) {
        super(message.replaceAll("\\p{Cntrl}+", " ").strip(), cause);
    }
}
