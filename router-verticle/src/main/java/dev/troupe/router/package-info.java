/**
 * The router: it deploys HTTP, the streams and the view of the pool, and wires them to the bus.
 *
 * <p>May use Vert.x, Prometheus's client, {@code cluster-config}, {@code models} and {@code context-cache}. All state lives on the
 * verticle's one event loop; what takes longer than a moment goes to worker threads.
 */
package dev.troupe.router;
