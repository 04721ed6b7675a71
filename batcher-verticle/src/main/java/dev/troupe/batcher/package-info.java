/**
 * The continuous-batching scheduler, one per model replica.
 *
 * <p>{@link dev.troupe.batcher.Scheduler} and all below it are a state machine without clock, bus or thread: messages and the time go in,
 * plans and messages come out. {@link dev.troupe.batcher.BatcherVerticle} is the shell that connects it to the event bus; everything
 * runs on that verticle's event loop. May use cluster-config and context-cache.
 *
 * <p>A reader begins at {@code Scheduler} (what goes in and out), then {@code StepPlanner} (what a step is made of), then {@code Batch}
 * (who is where).
 */
package dev.troupe.batcher;
