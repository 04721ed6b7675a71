package dev.troupe.cluster;

/** The pool went on without this process while it was starting. It has left, and may start anew. */
public final class CutOffException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CutOffException(Throwable whatFailed) {
        super("the pool went on without this process while it was starting", whatFailed);
    }
}
