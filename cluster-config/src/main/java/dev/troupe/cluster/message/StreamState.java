package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;

import java.util.List;

/**
 * Batcher to router, in answer to {@link StreamProbe}.
 *
 * @param generated tokens of each choice so far, while it is {@link Status#ALIVE}: should the last of them be lost, nothing that follows
 *     shows it to a router whose credit is used up
 */
public record StreamState(Status status, List<Integer> generated) {
    public StreamState {
        generated = List.copyOf(generated);
        generated.forEach(count -> atLeast("generated", count, 0));
    }

    /** Of an attempt that is not alive. */
    public StreamState(Status status) {
        this(status, List.of());
    }

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
