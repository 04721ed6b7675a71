/**
 * What tenants and keys may use at most, counted once for the whole pool: requests, tokens and pictures in leaky buckets, requests at once as
 * leases.
 *
 * <p>Pure: a {@link dev.troupe.cache.limits.TenantAccount} is a state machine that takes commands and the time; where it lies and how it is
 * copied is the business of {@code dev.troupe.cache.hazelcast}. {@link dev.troupe.cache.limits.SharedLimits} asks it for a router and decides
 * by itself when it hesitates. No thread of its own.
 */
package dev.troupe.cache.limits;
