package dev.troupe.batcher;

import dev.troupe.cluster.message.TokenBatch;

/** What the batcher itself tells a router: that sequences begin, and the end of those that the worker does not know. */
public record Outgoing(String routerId, TokenBatch batch) {}
