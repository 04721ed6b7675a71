package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.router.tls.TlsException;
import dev.troupe.router.tls.TlsFiles;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsReloadTest {
    /** A few of the router's looks at its files. */
    private static final long SOME_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(5);

    @TempDir
    private Path folder;

    private TlsFiles served;
    private TlsFiles before;
    private TlsFiles after;

    @BeforeEach
    void certificates() throws Exception {
        served = new TlsFiles(folder.resolve("served.pem"), folder.resolve("served-key.pem"));
        before = SelfSigned.make(folder, "before", "EC");
        after = SelfSigned.make(folder, "after", "RSA");
        replace(before.certificate(), served.certificate());
        replace(before.key(), served.key());
    }

    @Test
    void newCertificateIsShownToNewConnectionsAndABrokenOneToNobody() throws Exception {
        try (RouterFixture pool = new RouterFixture(16380, access())) {
            RouterFixture.until("ready", () -> readiness(pool) == 200);
            pool.replica.onGenerate(request -> new Admitted(request.attempt()));
            CompletableFuture<HttpResponse<String>> underWay =
                    trusting(before).sendAsync(chat(pool), HttpResponse.BodyHandlers.ofString());
            GenerateRequest request = FakeReplica.take(pool.replica.requests);

            // The certificate comes first and its key later: between the two nobody may see either.
            replace(after.certificate(), served.certificate());
            staysAt("CN=before", pool);
            Files.writeString(served.key(), "-----BEGIN PRIVATE KEY-----\nhalf of");
            staysAt("CN=before", pool);
            Files.delete(served.key());
            staysAt("CN=before", pool);
            replace(after.key(), served.key());
            RouterFixture.until("the new certificate", () -> shown(pool).equals("CN=after"));

            pool.replica.say(request, "over the old connection");
            assertThat(underWay.get(10, TimeUnit.SECONDS).body()).contains("over the old connection");
            assertThat(live(trusting(after), pool).version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThatThrownBy(() -> live(trusting(before), pool)).isInstanceOf(SSLHandshakeException.class);
        }
    }

    @Test
    void routerDoesNotStartWithABrokenCertificate() throws Exception {
        replace(after.key(), served.key());
        try (RouterFixture pool = new RouterFixture(16420)) {
            RouterVerticle router = new RouterVerticle(
                    RouterConfig.DEFAULT.withAddress("127.0.0.1", 0).withAccess(access()),
                    Places.of(pool.far),
                    new CollectorRegistry());

            assertThatThrownBy(() -> RouterFixture.await(pool.far.vertx().deployVerticle(router)))
                    .hasRootCauseInstanceOf(TlsException.class)
                    .hasMessageContaining(served.key().toString());
        }
    }

    private Access access() {
        return new Access(AuthRule.UNTIL_FIRST_KEY, Optional.of(served), TrustedProxies.NONE);
    }

    private static void replace(Path from, Path to) throws IOException {
        Path half = Files.copy(from, to.resolveSibling("half"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(half, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static HttpClient trusting(TlsFiles files) throws Exception {
        return HttpClient.newBuilder().sslContext(SelfSigned.trust(files)).build();
    }

    private static HttpResponse<String> live(HttpClient client, RouterFixture pool)
            throws IOException, InterruptedException {
        return ask(client, pool, "/health/live");
    }

    private static HttpResponse<String> ask(HttpClient client, RouterFixture pool, String path)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(pool, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(RouterFixture pool, String path) {
        return URI.create("https://127.0.0.1:" + pool.router.port() + path);
    }

    private int readiness(RouterFixture pool) {
        try {
            return ask(trusting(before), pool, "/health/ready").statusCode();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static HttpRequest chat(RouterFixture pool) {
        return HttpRequest.newBuilder(uri(pool, "/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                .build();
    }

    private static void staysAt(String name, RouterFixture pool) {
        long end = System.nanoTime() + SOME_LOOKS_NANOS;
        while (System.nanoTime() < end) {
            assertThat(shown(pool)).isEqualTo(name);
            LockSupport.parkNanos(200_000_000);
        }
    }

    /** @return whose certificate a new connection is shown */
    private static String shown(RouterFixture pool) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            try (SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), pool.router.port())) {
                socket.startHandshake();
                X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
                return shown.getSubjectX500Principal().getName();
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("a handshake failed", e);
        }
    }

    /** Looks at certificates, whoever they are of. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
