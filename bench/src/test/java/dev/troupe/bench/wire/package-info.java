/**
 * What crosses from one process to another, and what that costs each of them: messages of the bus, and appends to a map that is kept twice.
 *
 * <p>Run by hand, see {@code docs/benchmarks.md}; inputs of {@link dev.troupe.bench.scale the model of a large pool}.
 */
package dev.troupe.bench.wire;
