/**
 * Tokens that come off the bus, in whatever order, become text that goes to a client, in order and once.
 *
 * <p>Pure state machines over the messages of {@code cluster-config} and the tokenizer of {@code models}: no Vert.x, no clock, no thread;
 * time is an argument. Each object belongs to one stream and to one thread at a time, the router's event loop.
 */
package dev.troupe.router.stream;
