package dev.troupe.node;

import dev.troupe.router.tls.TlsFiles;
import dev.troupe.router.tls.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/** Asks a router, as a load balancer would, whether it can serve. */
final class Readiness {
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final long PAUSE_MILLIS = 50;
    private static final int TIMEOUT_MILLIS = 5_000;

    private Readiness() {}

    /**
     * Blocks until {@code /health/ready} says yes.
     *
     * @param tls certificate that the router shows
     * @throws UserError when it does not within a minute
     */
    static void await(String url, Optional<TlsFiles> tls) throws InterruptedException {
        Optional<SSLContext> trusted =
                tls.map(files -> TrustOption.believing(TlsIdentity.read(files).chain()));
        long end = System.nanoTime() + LONGEST.toNanos();
        String last = "no answer";
        while (System.nanoTime() < end) {
            try {
                HttpURLConnection connection = (HttpURLConnection)
                        URI.create(url + "/health/ready").toURL().openConnection();
                connection.setConnectTimeout(TIMEOUT_MILLIS);
                connection.setReadTimeout(TIMEOUT_MILLIS);
                trusted.ifPresent(context -> {
                    HttpsURLConnection https = (HttpsURLConnection) connection;
                    https.setSSLSocketFactory(context.getSocketFactory());
                    // It is for the name under which others come, which need not be the address that we listen at.
                    https.setHostnameVerifier((host, session) -> true);
                });
                if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
                    return;
                }
                last = body(connection);
            } catch (IOException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        throw new UserError("the router at " + url + " did not become ready: " + last);
    }

    private static String body(HttpURLConnection connection) throws IOException {
        try (InputStream error = connection.getErrorStream()) {
            return error == null
                    ? "status " + connection.getResponseCode()
                    : new String(error.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
