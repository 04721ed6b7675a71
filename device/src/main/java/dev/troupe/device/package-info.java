/**
 * The PyTorch layer: starts the native engine, writes and loads TorchScript archives, runs their methods and closes every
 * native handle. It knows nothing of models. May use DJL; nothing above it does so except through {@link
 * dev.troupe.device.Program} and {@link dev.troupe.device.NativeScope}.
 *
 * <p>Threads: a {@link dev.troupe.device.Program} belongs to one thread at a time, never to an event loop, since a call
 * lasts as long as the arithmetic does.
 */
package dev.troupe.device;
