/**
 * Prefixes that the whole pool remembers: what is worth offering, whether fetching beats computing, how chunks are named and what is
 * checked before one is believed.
 *
 * <p>Pure. {@link dev.troupe.cache.shared.HotPrefixes} and {@link dev.troupe.cache.shared.FetchEstimate} have state and belong to one
 * thread; the rest may be used anywhere.
 */
package dev.troupe.cache.shared;
