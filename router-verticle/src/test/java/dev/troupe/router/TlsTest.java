package dev.troupe.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.router.tls.TlsFiles;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {
    @TempDir
    private static Path folder;

    private static final String CHAT = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private static RouterFixture pool;
    private static Path certificate;
    private static SSLContext trusted;

    @BeforeAll
    static void start() throws Exception {
        TlsFiles files = SelfSigned.make(folder, "own", "EC");
        certificate = files.certificate();
        trusted = SelfSigned.trust(files);
        pool = new RouterFixture(16340, new Access(AuthRule.UNTIL_FIRST_KEY, Optional.of(files), TrustedProxies.NONE));
        RouterFixture.until(
                "ready", () -> get(HttpClient.Version.HTTP_1_1, "/health/ready").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        pool.close();
    }

    @BeforeEach
    void forget() {
        pool.replica.cancelsAreForgotten();
    }

    @Test
    void clientsSpeakHttp2OrHttp1AsTheyLike() {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpResponse<String> response = get(version, "/health/live");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
        }
    }

    @Test
    void streamOfHttp2IsTold() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        HttpClient client = client(HttpClient.Version.HTTP_2);
        CompletableFuture<HttpResponse<InputStream>> asked =
                client.sendAsync(chat(",\"stream\":true"), HttpResponse.BodyHandlers.ofInputStream());
        GenerateRequest request = FakeReplica.take(pool.replica.requests);
        pool.replica.say(request, "over two");

        HttpResponse<InputStream> response = asked.get(10, TimeUnit.SECONDS);

        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("over two", "data: [DONE]");
    }

    @Test
    void clientThatGoesCancelsItsStreamAndNoOther() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        HttpClient client = client(HttpClient.Version.HTTP_2);
        CompletableFuture<HttpResponse<String>> stays =
                client.sendAsync(chat(""), HttpResponse.BodyHandlers.ofString());
        GenerateRequest staying = FakeReplica.take(pool.replica.requests);
        CompletableFuture<HttpResponse<InputStream>> goes =
                client.sendAsync(chat(",\"stream\":true"), HttpResponse.BodyHandlers.ofInputStream());
        GenerateRequest going = FakeReplica.take(pool.replica.requests);

        goes.get(10, TimeUnit.SECONDS).body().close();

        assertThat(FakeReplica.take(pool.replica.cancels).attempt()).isEqualTo(going.attempt());
        pool.replica.say(staying, "still here");
        assertThat(stays.get(10, TimeUnit.SECONDS).body()).contains("still here");
    }

    @Test
    void bodyThatNobodyWantsEndsItsStreamAndNoOther() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        io.vertx.core.http.HttpClient client = pool.far
                .vertx()
                .createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setSsl(true)
                        .setUseAlpn(true)
                        .setTrustOptions(new PemTrustOptions().addCertPath(certificate.toString())));
        Future<Buffer> stays =
                ask(client).compose(request -> request.send(CHAT)).compose(HttpClientResponse::body);
        GenerateRequest staying = FakeReplica.take(pool.replica.requests);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();

        HttpClientResponse refused = RouterFixture.await(ask(client).compose(request -> {
            request.exceptionHandler(ended::complete).putHeader("content-length", "100000000");
            request.write("{");
            return request.response();
        }));

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.getHeader("connection")).isNull();
        assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
        pool.replica.say(staying, "undisturbed");
        assertThat(RouterFixture.await(stays).toString()).contains("undisturbed");
    }

    private static Future<HttpClientRequest> ask(io.vertx.core.http.HttpClient client) {
        return client.request(HttpMethod.POST, pool.router.port(), "127.0.0.1", "/v1/chat/completions")
                .map(request -> request.putHeader("content-type", "application/json"));
    }

    @Test
    void answerOfHttp2MayTakeLongerThanAConnectionMayBeIdle() throws Exception {
        pool.replica.onGenerate(request -> new Admitted(request.attempt()));
        CompletableFuture<HttpResponse<String>> answer =
                client(HttpClient.Version.HTTP_2).sendAsync(chat(""), HttpResponse.BodyHandlers.ofString());
        GenerateRequest request = FakeReplica.take(pool.replica.requests);
        untilClosed(""); // longer than an idle one lives

        pool.replica.say(request, "at last");

        assertThat(answer.get(10, TimeUnit.SECONDS).body()).contains("at last");
    }

    @Test
    void plainHttpAndSilenceAtTheSamePortAreHungUpOn() throws Exception {
        assertThat(untilClosed("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")).doesNotContain("200", "live");
        assertThat(untilClosed("\0\0\0 not TLS at all")).doesNotContain("200");
        assertThat(untilClosed("")).isEmpty();
        assertThat(get(HttpClient.Version.HTTP_2, "/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void oldVersionsOfTlsAreRefused() throws Exception {
        for (String old : new String[] {"TLSv1", "TLSv1.1"}) {
            try (SSLSocket socket = (SSLSocket)
                    trusted.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), pool.router.port())) {
                socket.setEnabledProtocols(new String[] {old});
                assertThatThrownBy(socket::startHandshake).as(old).isInstanceOf(SSLException.class);
            }
        }
    }

    private static URI uri(String path) {
        return URI.create("https://127.0.0.1:" + pool.router.port() + path);
    }

    private static HttpRequest chat(String fields) {
        return HttpRequest.newBuilder(uri("/v1/chat/completions"))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(CHAT.replace("}]}", "}]" + fields + "}")))
                .build();
    }

    private static HttpResponse<String> get(HttpClient.Version version, String path) {
        try {
            return client(version)
                    .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static HttpClient client(HttpClient.Version version) {
        return HttpClient.newBuilder().version(version).sslContext(trusted).build();
    }

    private static String untilClosed(String said) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), pool.router.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            return ""; // reset: closed as well
        } catch (IOException e) {
            throw new AssertionError("the connection was not closed in time", e);
        }
    }
}
