/**
 * Requests in flight: what is sent when, and what each met. One event loop; {@link dev.troupe.bench.load.StreamRecorder} and {@link
 * dev.troupe.bench.load.ChunkScanner} are pure and take the time as an argument.
 */
package dev.troupe.bench.load;
