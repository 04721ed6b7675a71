/**
 * Who shares the pool and by which rules: tenants, their keys and limits, and the share of the work that each may have. Plain values, which
 * any thread may hold.
 */
package dev.troupe.cluster.tenant;
