package dev.troupe.cluster.message;

/** Batcher to router, in answer to {@link StreamProbe}. */
public record StreamState(Status status) {
    /** The order is part of the wire form: append only. */
    public enum Status {
        /** Queued or running: tokens will come. */
        ALIVE,
        /** Ended here; what the router misses is still with the worker, see {@link Resend}. */
        ENDED,
        /** Never heard of, or long forgotten: the attempt is lost. */
        UNKNOWN
    }
}
