/**
 * The terminal chat: a client of the HTTP API like any other.
 *
 * <p>Uses the JDK's HTTP client and Jackson, and nothing of ours. The conversation runs on the main thread, which blocks on the terminal and
 * on the stream.
 */
package dev.troupe.node.chat;
