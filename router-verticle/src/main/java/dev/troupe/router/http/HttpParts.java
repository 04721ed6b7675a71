package dev.troupe.router.http;

import dev.troupe.router.RouterConfig;
import dev.troupe.router.conversation.ConversationAccess;
import dev.troupe.router.generate.Generations;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the routes are made of.
 *
 * @param workers for what would block the event loop
 * @param clock milliseconds that only grow
 * @param conversations absent where none are kept
 */
public record HttpParts(
        RouterConfig config,
        Exchanges exchanges,
        IdleConnections connections,
        Models models,
        Generations generations,
        StreamBook book,
        PoolAdmin admin,
        WorkerExecutor workers,
        LongSupplier clock,
        Optional<ConversationAccess> conversations) {}
