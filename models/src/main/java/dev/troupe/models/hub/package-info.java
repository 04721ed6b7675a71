/**
 * Where models come from: a name becomes a file or directory on this machine, downloaded and checked on first use.
 *
 * <p>May use {@code dev.troupe.models} and Jackson. Everything here blocks on disk and network: never call it on an event
 * loop. {@link dev.troupe.models.hub.ModelHub} may be used by several threads and processes at once.
 */
package dev.troupe.models.hub;
