package dev.troupe.cluster.message;

/**
 * In answer to {@link BackupQuestion}.
 *
 * @param whole whether this process could be killed now and nothing that it remembers were lost
 */
public record BackupState(boolean whole) {}
