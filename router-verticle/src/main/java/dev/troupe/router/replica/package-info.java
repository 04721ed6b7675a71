/**
 * Who serves which model now, and whom to ask next.
 *
 * <p>Pure: built from heartbeats, with time as an argument; no Vert.x. One thread at a time, the router's event loop, except
 * {@link dev.troupe.router.replica.ServedModel}, which is immutable and does its heavy work on worker threads.
 */
package dev.troupe.router.replica;
