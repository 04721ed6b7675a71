package dev.troupe.router.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where a certificate lies.
 *
 * @param certificate in PEM form, with those that vouch for it after it
 * @param key its private key, PKCS#8 in PEM form, without a password
 */
public record TlsFiles(Path certificate, Path key) {
    public TlsFiles {
        requireNonNull(certificate);
        requireNonNull(key);
    }
}
