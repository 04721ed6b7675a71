package dev.troupe.cluster.message;

/** What went wrong, with a stable name, and who is to blame. The order is part of the wire form: append only. */
public enum ErrorCode {
    /** The prompt, or prompt and answer, cannot fit into the model's context or the replica's memory. */
    CONTEXT_LENGTH_EXCEEDED(Blame.USER),
    /** A field is wrong in a way that only the batcher or worker could see. */
    INVALID_REQUEST(Blame.USER),
    /** The waiting queue is full. */
    QUEUE_FULL(Blame.CAPACITY),
    /** The replica or node is leaving. */
    DRAINING(Blame.CAPACITY),
    /** No replica serves the model now. */
    NO_REPLICA(Blame.CAPACITY),
    /** A newer attempt at the same request is known. */
    STALE_ATTEMPT(Blame.INTERNAL),
    /** The replica died or lost the request. */
    REPLICA_LOST(Blame.INTERNAL),
    /** Our fault; the log has it. */
    INTERNAL(Blame.INTERNAL),
    /** The node sees too few others to know that it is on the side of a split that goes on. */
    NO_MAJORITY(Blame.CAPACITY),
    /** Too many wait before it for its first token to come in the time that the request gives. */
    DEADLINE_UNREACHABLE(Blame.CAPACITY);

    /** Who can do something about it. */
    public enum Blame {
        USER,
        CAPACITY,
        INTERNAL
    }

    private final Blame blame;

    ErrorCode(Blame blame) {
        this.blame = blame;
    }

    public Blame blame() {
        return blame;
    }
}
