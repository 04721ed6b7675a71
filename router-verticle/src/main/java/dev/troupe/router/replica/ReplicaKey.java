package dev.troupe.router.replica;

/** One life of a replica: after a restart it is another, which knows nothing of the first. */
public record ReplicaKey(String replicaId, long incarnation) {}
