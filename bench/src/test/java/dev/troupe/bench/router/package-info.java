/**
 * What a token costs between the worker that made it and the socket that it leaves by: the real router and batcher over real HTTP, with a
 * worker that only counts.
 *
 * <p>Run by hand, see {@code docs/benchmarks.md}; a short form of each is a test. Figures are processor time of the threads that do the
 * work, as the kernel counts it, so that neither the clients nor the wait between steps is in them.
 */
package dev.troupe.bench.router;
