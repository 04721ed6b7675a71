package dev.troupe.cluster;

/**
 * Where messages of one type go.
 *
 * @param name on the event bus
 * @param type of what is sent there
 */
public record Address<T>(String name, Class<T> type) {}
