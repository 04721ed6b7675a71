/**
 * A pool of up to a thousand replicas as a discrete-event model: virtual time, one thread, everything by a seed.
 *
 * <p>What a step takes is fitted to measured tables, what a message, a token or a request costs is measured by the small benchmarks.
 * Placement is the router's own. Results, and all that is assumed, are in {@code docs/scale.md}.
 */
package dev.troupe.bench.scale;
