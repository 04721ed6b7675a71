/**
 * What must outlive a router that has pictures made: every accepted order, how far it has come, and who works on it; and, in a pool without a
 * database, the finished pictures for an hour.
 *
 * <p>Pure: a {@link dev.troupe.cache.picture.PictureEntry} takes commands and returns what came of them. Where it lies and how it is copied is
 * the business of {@code dev.troupe.cache.hazelcast}. No thread of its own.
 */
package dev.troupe.cache.picture;
