package dev.troupe.cluster.message;

/** Why a sequence ended. The order is part of the wire form: append only. */
public enum FinishReason {
    /** The model said an end-of-sequence token. */
    STOP,
    /** {@code maxTokens} or the context is reached. */
    LENGTH,
    /** The router asked for it; nobody listens any more. */
    CANCELLED,
    /** We could not go on; the router answers with an error. */
    FAILED,
    /** Not even one step of it fits into the device's memory; the router answers with an error of capacity. */
    OUT_OF_MEMORY,
    /** Its deadline passed before its first token; the router answers with an error of capacity. */
    LATE
}
