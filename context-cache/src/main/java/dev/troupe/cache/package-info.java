/**
 * Where keys and values live on the worker, as the batcher keeps account of it: slots for running sequences, blocks for cached prefixes.
 *
 * <p>Pure: state machines without clock, Vert.x or Hazelcast. Nothing here is safe for several threads; a batcher calls it on its event
 * loop. {@link dev.troupe.cache.PrefixHash} alone is free of state and may be used anywhere.
 */
package dev.troupe.cache;
