/**
 * Generations under way: asked of a replica, followed, acknowledged, asked after when silent, cancelled, moved or given up.
 *
 * <p>The shell around {@code stream} and {@code replica}: it may use Vert.x and the bus and knows nothing of HTTP. Everything runs on
 * the router's event loop and never blocks.
 */
package dev.troupe.router.generate;
