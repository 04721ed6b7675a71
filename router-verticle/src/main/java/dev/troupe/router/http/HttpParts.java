package dev.troupe.router.http;

import dev.troupe.router.RouterConfig;
import dev.troupe.router.conversation.ConversationAccess;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.tenant.Gate;
import dev.troupe.router.tenant.KeyRing;
import dev.troupe.router.tenant.Records;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the routes are made of.
 *
 * @param workers for what would block the event loop
 * @param clock milliseconds that only grow
 * @param conversations absent where none are kept
 * @param ring tenants and keys as they are now
 * @param records absent where there is no database
 * @param pictures absent where there is no database
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
        Optional<ConversationAccess> conversations,
        Gate gate,
        Supplier<KeyRing> ring,
        Optional<Records> records,
        Optional<PictureParts> pictures) {}
