/**
 * What is remembered hot, laid on Hazelcast: one synchronous copy on another member, so that any one process may die.
 *
 * <p>Calls return at once. Names and settings of the maps are in {@link dev.troupe.cluster.Maps}.
 */
package dev.troupe.cache.hazelcast;
