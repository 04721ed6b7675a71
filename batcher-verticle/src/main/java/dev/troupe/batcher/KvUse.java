package dev.troupe.batcher;

/**
 * What of the worker's memory is in use.
 *
 * @param slots by running sequences
 * @param blocks of cached prefixes, in the cache or in use
 * @param cachedBlocks in the cache; equal to {@code blocks} when nothing runs
 */
public record KvUse(int slots, int blocks, int cachedBlocks) {}
