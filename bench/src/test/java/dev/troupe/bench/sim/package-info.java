/**
 * The whole pool in virtual time: the real router core, scheduler and step engine over a bus that loses, doubles, delays and reorders by a
 * seed. Only the model, the clock and the wire are made up. One thread.
 */
package dev.troupe.bench.sim;
