package dev.troupe.bench.load;

/** How a run is getting on. */
public record RunProgress(long done, long failed, long running, double seconds, long chunks) {}
