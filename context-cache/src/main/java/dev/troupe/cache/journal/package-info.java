/**
 * What must outlive a router: every accepted request, its tokens so far, and who works on it.
 *
 * <p>Pure: a {@link dev.troupe.cache.journal.JournalSegment} is a state machine that takes commands and the time; where it lies and how it is
 * copied is the business of {@code dev.troupe.cache.hazelcast}. No thread of its own.
 */
package dev.troupe.cache.journal;
