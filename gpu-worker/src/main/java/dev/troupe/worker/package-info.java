/**
 * The worker: takes the batcher's plans, runs the model, and sends tokens to the routers.
 *
 * <p>{@link dev.troupe.worker.StepEngine} is the state machine, with the time as an argument and no thread of its own; it lives on the one
 * model thread. {@link dev.troupe.worker.WorkerVerticle} is the shell around it, on an event loop that never computes.
 */
package dev.troupe.worker;
