/**
 * The pool's memory of hot prefixes on Hazelcast, and nothing else: the one package of this module that knows it.
 *
 * <p>{@link dev.troupe.cache.hazelcast.HazelcastPrefixes} may be called from any thread and never blocks it; what blocks happens on two
 * threads of its own.
 */
package dev.troupe.cache.hazelcast;
