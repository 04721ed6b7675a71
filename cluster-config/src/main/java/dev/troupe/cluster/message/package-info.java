/**
 * What the verticles say to each other: immutable records that check themselves.
 *
 * <p>Knows neither Vert.x nor a thread. Ownership, and what happens to each message on loss, duplicate, delay and late
 * return, stands at the record and together in {@code docs/messages.md}.
 */
package dev.troupe.cluster.message;
