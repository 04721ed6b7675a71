/**
 * What a model is, without PyTorch: a router needs it and no device.
 *
 * <p>May use {@code dev.troupe.cluster} and nothing else of ours. Everything here is safe to call from any thread; what
 * reads a disk belongs on a worker thread and never on an event loop.
 */
package dev.troupe.models;
