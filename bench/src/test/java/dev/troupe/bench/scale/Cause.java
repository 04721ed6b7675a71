package dev.troupe.bench.scale;

/** What a process works for. */
enum Cause {
    STEPS,
    REQUESTS,
    PLACEMENT,
    TOKENS,
    HEARTBEATS,
    JOURNAL
}
