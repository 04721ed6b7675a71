/**
 * What is remembered hot, laid on Hazelcast: the journal of accepted requests and the pool's memory of hot prefixes. The one package of this
 * module that knows Hazelcast.
 *
 * <p>Calls come from any thread and return at once; what blocks happens on threads of its own.
 */
package dev.troupe.cache.hazelcast;
