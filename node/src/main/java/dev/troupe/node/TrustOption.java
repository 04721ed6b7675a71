package dev.troupe.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import picocli.CommandLine.Option;

/** Whose certificates the clients among the commands believe. */
public final class TrustOption {
    @Option(
            names = "--ca-cert",
            paramLabel = "FILE",
            description = "Certificate of the server, or of who vouches for it, in PEM form (default: those that Java"
                    + " believes).")
    private Path caCert;

    /**
     * @return a client that believes them, and gives up on whoever does not answer a call in five seconds
     * @throws UserError when the file holds no certificate
     */
    public HttpClient client() {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5));
        if (caCert != null) {
            builder.sslContext(believing(certificates(caCert)));
        }
        return builder.build();
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException | CertificateException e) {
            throw new UserError("cannot read --ca-cert " + file + ": " + e, e);
        }
        throw new UserError("--ca-cert " + file + " holds no certificate");
    }

    /** @return what believes these and no others */
    static SSLContext believing(Collection<? extends Certificate> certificates) {
        try {
            KeyStore believed = KeyStore.getInstance(KeyStore.getDefaultType());
            believed.load(null, null);
            for (Certificate certificate : certificates) {
                believed.setCertificateEntry(Integer.toString(believed.size()), certificate);
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(believed);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("certificates that were read can be believed", e);
        }
    }
}
