package dev.troupe.cluster.wire;

/** Bytes that are not what they claim to be. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }
}
