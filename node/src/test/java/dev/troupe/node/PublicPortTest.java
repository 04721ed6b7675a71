package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.question;
import static dev.troupe.node.TroupeProcess.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.router.SelfSigned;
import dev.troupe.router.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask a real process, and how it is encrypted. */
class PublicPortTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @Test
    void serveSpeaksHttp2OverTlsAndTellsOfTheAdminKeyNoMoreThanItsPlace() throws Exception {
        TlsFiles files = SelfSigned.make(folder, "own", "EC");
        try (TroupeProcess serve = TroupeProcess.start(
                "serve",
                "--port",
                "0",
                "--tls-cert",
                files.certificate().toString(),
                "--tls-key",
                files.key().toString())) {
            URI url = serve.awaitUrl();
            HttpClient client =
                    HttpClient.newBuilder().sslContext(SelfSigned.trust(files)).build();

            HttpResponse<String> answer = client.send(
                    request(url, "/v1/chat/completions", question("Say hello.", 4, "")),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            URI clear = URI.create("http" + url.toString().substring("https".length()));
            assertThatThrownBy(() -> HttpClient.newHttpClient()
                            .send(request(clear, "/health/live", ""), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);

            Path key = Path.of(serve.awaitLine("Admin key: (.+)"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
            assertThat(serve.said())
                    .contains("Until the first key is made")
                    .doesNotContain(Files.readString(key).strip());

            TestCommandLine troupe = new TestCommandLine();
            troupe.run("tenants", "list", "--url", url.toString(), "--admin-key-file", key.toString());
            assertThat(troupe.err()).contains("is not believed", "--ca-cert");
            troupe.run(
                    "tenants",
                    "list",
                    "--url",
                    url.toString(),
                    "--admin-key-file",
                    key.toString(),
                    "--ca-cert",
                    files.certificate().toString());
            assertThat(troupe.err()).doesNotContain("--ca-cert");
        }
    }

    @Test
    void addressThatOthersReachIsRefusedWithoutKeys() throws Exception {
        try (TroupeProcess node =
                TroupeProcess.start("node", "--roles", "router", "--host", "0.0.0.0", "--port", "0")) {
            assertThat(node.awaitExit(SOON)).isEqualTo(1);
            assertThat(node.said().lines()).singleElement().asString().contains("0.0.0.0", "--insecure-no-auth");
        }
    }

    @Test
    void operatorMayInsist() throws Exception {
        try (TroupeProcess node = TroupeProcess.start(
                "node", "--roles", "router", "--host", "0.0.0.0", "--port", "0", "--insecure-no-auth")) {
            URI url = node.awaitUrl();

            assertThat(TroupeProcess.get(url, "/health/live")).contains("live");
            assertThat(node.said()).contains("--insecure-no-auth: whoever reaches the port is answered");
        }
    }
}
