/**
 * A worker, routers and a network made of nothing but arithmetic and a seed, to try a batcher against everything that can go wrong.
 *
 * <p>Pure and of one thread, but for {@link dev.troupe.batcher.sim.FakeWorker}, whose callers may take turns.
 */
package dev.troupe.batcher.sim;
