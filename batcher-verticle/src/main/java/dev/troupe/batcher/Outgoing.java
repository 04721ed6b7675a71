package dev.troupe.batcher;

import dev.troupe.cluster.message.TokenBatch;

/** What the batcher itself tells a router: the end of sequences that the worker does not know. */
public record Outgoing(String routerId, TokenBatch batch) {}
