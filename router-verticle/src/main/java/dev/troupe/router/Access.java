package dev.troupe.router;

import static java.util.Objects.requireNonNull;

import dev.troupe.router.tls.TlsFiles;
import java.util.Optional;

/**
 * How strangers reach a router.
 *
 * @param auth whether they need a key
 * @param tls certificate to show; empty: HTTP in the clear
 * @param proxies that say who their clients are
 */
public record Access(AuthRule auth, Optional<TlsFiles> tls, TrustedProxies proxies) {
    /** From this machine only. */
    public static final Access LOOPBACK = new Access(AuthRule.UNTIL_FIRST_KEY, Optional.empty(), TrustedProxies.NONE);

    public Access {
        requireNonNull(auth);
        requireNonNull(tls);
        requireNonNull(proxies);
    }
}
