/**
 * What a request may say: OpenAI's fields with their ranges and defaults, read out of JSON, and OpenAI's errors.
 *
 * <p>Pure: knows Jackson and the messages of {@code cluster-config}; neither Vert.x nor a thread. Everything here is called on any
 * thread.
 */
package dev.troupe.router.api;
