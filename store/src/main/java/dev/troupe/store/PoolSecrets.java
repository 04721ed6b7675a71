package dev.troupe.store;

/** What all routers of a pool know and nobody else. Blocks; throws {@link StoreException} when the database fails. */
public interface PoolSecrets {
    /** @return 32 bytes, made at random by whoever asks first, and from then on the same for all */
    byte[] secret(String name);
}
