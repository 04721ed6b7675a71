package dev.troupe.cluster;

/**
 * Where messages of one type go that are answered by messages of another.
 *
 * @param name on the event bus
 * @param type of what is asked
 * @param answer of what comes back
 */
public record RequestAddress<T, R>(String name, Class<T> type, Class<R> answer) {}
