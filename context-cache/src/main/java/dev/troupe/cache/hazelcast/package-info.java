/**
 * What the pool remembers, on Hazelcast's maps: the journal of accepted requests, hot prefixes, conversations, what tenants have taken of their
 * limits. The only package of this module that knows Hazelcast.
 *
 * <p>Calls come from any thread and return at once; what blocks happens on threads of its own. What changes an entry does so where it lies, in
 * an entry processor, which carries the time as a field so that the backup comes out the same.
 */
package dev.troupe.cache.hazelcast;
