package dev.troupe.cluster;

import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;

/**
 * Certificates of the event bus. Both ends of a connection show one and must have it from our authority; whoever has one is let in,
 * whatever name stands in it, since processes come and go under any address.
 *
 * @param certificate PEM, of this process, those that vouch for it after it
 * @param key PEM, PKCS#8, without a password
 * @param authority PEM, of whom the others must have theirs from
 */
public record BusTls(Path certificate, Path key, Path authority) {
    private static final String PRIVATE_KEY = "PRIVATE KEY-----";

    /** @throws IllegalArgumentException when a file is not what it should be, which is better heard now than at the first connection */
    public BusTls {
        valid("--bus-cert", certificate);
        valid("--bus-ca", authority);
        if (!read("--bus-key", key).contains(PRIVATE_KEY)) {
            throw new IllegalArgumentException("--bus-key: " + key + " holds no private key in PEM form");
        }
    }

    private static void valid(String option, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(option + ": " + file + " holds no certificate in PEM form");
            }
            for (Certificate certificate : found) {
                ((X509Certificate) certificate).checkValidity();
            }
        } catch (IOException e) {
            throw unreadable(option, file, e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    option + ": " + file + " is no certificate that is valid now: " + e.getMessage(), e);
        }
    }

    private static String read(String option, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(option, file, e);
        }
    }

    private static IllegalArgumentException unreadable(String option, Path file, IOException e) {
        return new IllegalArgumentException(option + ": cannot read " + file + ": " + e, e);
    }

    void applyTo(EventBusOptions options) {
        options.setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificate.toString())
                        .setKeyPath(key.toString()))
                .setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()))
                .setClientAuth(ClientAuth.REQUIRED);
    }
}
