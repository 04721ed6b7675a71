/**
 * The operator's commands {@code troupe tenants} and {@code troupe keys}: a client of the admin API like any other.
 *
 * <p>Uses the JDK's HTTP client and Jackson, and of ours only what a key looks like. Runs on the main thread, which blocks on the answer.
 */
package dev.troupe.node.admin;
