package dev.troupe.cluster.message;

/** Router to a process of the pool, for an operator: has all that you remember its copy elsewhere? Lost: counts as no. Doubled: harmless. */
public record BackupQuestion() {}
