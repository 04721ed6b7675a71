package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.eventually;
import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.question;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.PostgresServer;
import dev.troupe.store.UsageSum;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two routers and a worker, each a real process, on a real PostgreSQL. */
class TenancyTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String CHAT = "/v1/chat/completions";
    private static final int STREAMS = 8;
    private static final int TOKENS = 120;

    @TempDir
    private static Path folder;

    private static PostgresServer database;
    private static TroupeProcess first;
    private static TroupeProcess second;
    private static TroupeProcess worker;

    @BeforeAll
    static void start() throws Exception {
        database = PostgresServer.start();
        Files.writeString(folder.resolve("password"), PostgresServer.PASSWORD);
        first = router();
        String pool = first.awaitClusterAddress();
        worker = TroupeProcess.start("node", "--roles", "batcher,worker", "--join", pool, "--kv-memory", "256m");
        second = router("--join", pool);
        worker.awaitLine("Ready");
        for (TroupeProcess router : List.of(first, second)) {
            URI url = router.awaitUrl();
            eventually(SOON, "a ready router", () -> TroupeProcess.get(url, "/health/ready")
                    .contains("\"ready\""));
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (TroupeProcess process : List.of(first, second, worker)) {
            process.close();
        }
        database.close();
    }

    private static TroupeProcess router(String... more) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                "node",
                "--roles",
                "router",
                "--port",
                "0",
                "--data",
                folder.toString(),
                "--db-url",
                database.url("postgres"),
                "--db-user",
                PostgresServer.USER,
                "--db-password-file",
                folder.resolve("password").toString()));
        line.addAll(List.of(more));
        return TroupeProcess.start(line.toArray(String[]::new));
    }

    /** In one method, since the killed router is the last that happens to the pool. */
    @Test
    void keysAndLimitsAndTheLedgerAreThePoolsAlsoWhenARouterIsKilled() throws Exception {
        command(first, "tenants", "create", "acme", "--weight", "3", "--rpm", "20");
        String key = command(second, "keys", "create", "--tenant", "acme", "--json");
        String secret = json(key).path("key").asText();
        String id = json(key).path("id").asText();

        assertThat(ask(first, secret).statusCode()).isEqualTo(200);
        assertThat(ask(second, secret).statusCode()).isEqualTo(200);
        assertThat(ask(first, "").statusCode()).isEqualTo(401);

        int admitted = 2;
        for (int i = 0; i < 30; i++) {
            admitted += ask(i % 2 == 0 ? first : second, secret).statusCode() == 200 ? 1 : 0;
        }
        // One more comes back every three seconds.
        assertThat(admitted).as("of 20 a minute, over two routers").isBetween(20, 26);

        command(first, "keys", "revoke", id);
        eventually(
                Duration.ofSeconds(1),
                "the end of the key at both",
                () -> ask(second, secret).statusCode() == 401
                        && ask(first, secret).statusCode() == 401);
        assertThat(sum("acme").requests()).isEqualTo(admitted);

        command(first, "tenants", "create", "brook");
        String others = json(command(first, "keys", "create", "--tenant", "brook", "--json"))
                .path("key")
                .asText();
        List<ComingBack> clients = streamsWhileTheFirstRouterIsKilled(others);

        assertThat(clients)
                .allSatisfy(client -> assertThat(client.trouble(TOKENS)).isEmpty());
        assertThat(clients.stream().mapToInt(ComingBack::comings).sum()).isGreaterThan(STREAMS);
        UsageSum used = sum("brook");
        assertThat(used.requests()).isEqualTo(STREAMS);
        assertThat(used.completionTokens()).isEqualTo((long) STREAMS * TOKENS);
    }

    private static List<ComingBack> streamsWhileTheFirstRouterIsKilled(String secret) throws InterruptedException {
        List<ComingBack> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        URI firstUrl = first.awaitUrl();
        URI secondUrl = second.awaitUrl();
        for (int i = 0; i < STREAMS; i++) {
            String body = question(
                    "Count to " + i,
                    TOKENS,
                    ",\"ignore_eos\":true,\"stream\":true,\"stream_options\":{\"include_usage\":true}");
            ComingBack client = new ComingBack(
                    () -> first.isAlive() ? firstUrl : secondUrl, body, "ledger-" + i, Optional.of(secret));
            clients.add(client);
            Thread thread = new Thread(client, "client-" + i);
            threads.add(thread);
            thread.start();
        }
        eventually(SOON, "first words", () -> clients.stream().allMatch(client -> client.chars() > 0));
        first.kill();
        for (Thread thread : threads) {
            thread.join();
        }
        return clients;
    }

    private static UsageSum sum(String tenant) {
        try (Database open = Database.open(new DatabaseConfig(
                database.url("postgres"), Optional.of(PostgresServer.USER), Optional.of(PostgresServer.PASSWORD)))) {
            return open.usage().total(tenant, 0, Long.MAX_VALUE / 2);
        }
    }

    private static HttpResponse<String> ask(TroupeProcess router, String key) {
        HttpRequest.Builder request = HttpRequest.newBuilder(router.awaitUrl().resolve(CHAT))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofString(question("Hello", 2, "")));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return TroupeProcess.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** @return what the command prints */
    private static String command(TroupeProcess router, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of(
                "--url",
                router.awaitUrl().toString(),
                "--admin-key-file",
                folder.resolve("admin.key").toString()));
        try (TroupeProcess process = TroupeProcess.start(line.toArray(String[]::new))) {
            assertThat(process.awaitExit(SOON)).as(process.said()).isZero();
            return process.said();
        }
    }
}
