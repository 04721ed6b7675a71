/**
 * What must outlast every process: SQL behind small ports, one text for an embedded H2 file and for PostgreSQL, brought up to date by
 * Flyway.
 *
 * <p><b>Every call blocks</b>, for milliseconds as a rule and for seconds when the database is in trouble: call on worker threads, never
 * on an event loop or a thread of Hazelcast. All classes are safe on any number of threads.
 *
 * <p>The next table comes with the next migration, {@code V4__….sql}; one that has been released is never edited. SQL that one of the two
 * engines does not know is not used: the contract tests run on both.
 */
package dev.troupe.store;
