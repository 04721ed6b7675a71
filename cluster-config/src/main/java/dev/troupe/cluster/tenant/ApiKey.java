package dev.troupe.cluster.tenant;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.Set;

/**
 * A key of a tenant as it is kept: without its secret.
 *
 * @param id public, unique; a part of what its owner sends
 * @param tenant whose it is
 * @param hash SHA-256 of the whole key, in hex
 * @param scopes what it opens
 * @param limits of this key, beside those of its tenant
 * @param createdAt seconds since 1970
 * @param expiresAt seconds since 1970, from when on it opens nothing
 * @param revokedAt seconds since 1970; absent while it is good
 */
public record ApiKey(
        String id,
        String tenant,
        String hash,
        Set<Scope> scopes,
        Limits limits,
        long createdAt,
        OptionalLong expiresAt,
        OptionalLong revokedAt) {
    public ApiKey {
        requireNonNull(id);
        requireNonNull(tenant);
        requireNonNull(hash);
        scopes = Set.copyOf(scopes);
        requireNonNull(limits);
        requireNonNull(expiresAt);
        requireNonNull(revokedAt);
    }

    /** Says nothing that helps to find the key. */
    @Override
    public String toString() {
        return "ApiKey[" + id + " of " + tenant + "]";
    }
}
