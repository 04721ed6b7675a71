/**
 * What it costs to write down what is used, and to tell it: the ledger on each engine, with real disks.
 *
 * <p>Run by hand, see {@code docs/benchmarks.md}.
 */
package dev.troupe.bench.store;
