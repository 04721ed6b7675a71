/**
 * The load generator behind {@code troupe bench}: it measures any OpenAI-compatible server from outside, and so knows nothing of ours but
 * HTTP.
 *
 * <p>{@link dev.troupe.bench.Bench} runs on the thread of the command and may block; every request runs on one event loop, so that the client
 * takes as little as can be from the server beside it.
 */
package dev.troupe.bench;
