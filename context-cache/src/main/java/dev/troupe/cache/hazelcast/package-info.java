/**
 * What the pool remembers, on Hazelcast's maps. The only package of this module that knows Hazelcast and the wire form.
 *
 * <p>Nothing blocks: every call is Hazelcast's asynchronous one. What changes an entry does so where it lies, in an entry processor, which
 * takes the time as a field so that the backup comes out the same.
 */
package dev.troupe.cache.hazelcast;
