package dev.troupe.node;

import static dev.troupe.node.TroupeProcess.json;
import static dev.troupe.node.TroupeProcess.post;
import static dev.troupe.node.TroupeProcess.question;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.UsageSum;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed while it answers, with its database in a file. */
class LedgerTest {
    private static final int CLIENTS = 8;
    private static final int ANSWERS = 40;

    @TempDir
    private Path folder;

    @Test
    void whatWasAnsweredIsInTheLedgerAfterAKillAndNothingTwice() throws Exception {
        ConcurrentLinkedQueue<JsonNode> answers = new ConcurrentLinkedQueue<>();
        AtomicInteger asked = new AtomicInteger();
        DatabaseConfig file = DatabaseConfig.file(folder.resolve("troupe"));
        try (TroupeProcess server = TroupeProcess.start(
                "serve",
                "--port",
                "0",
                "--kv-memory",
                "256m",
                "--db-url",
                "jdbc:h2:file:" + folder.resolve("troupe"))) {
            URI url = server.awaitUrl();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Thread client = new Thread(() -> askUntilItIsGone(url, asked, answers), "client-" + i);
                clients.add(client);
                client.start();
            }
            TroupeProcess.eventually(java.time.Duration.ofMinutes(2), "answers", () -> answers.size() >= ANSWERS);
            server.kill();
            for (Thread client : clients) {
                client.join();
            }
        }
        long completion = answers.stream()
                .mapToLong(answer -> answer.at("/usage/completion_tokens").asLong())
                .sum();
        try (Database database = Database.open(file)) {
            UsageSum used = database.usage().total("local", 0, Long.MAX_VALUE / 2);
            assertThat(used.requests()).isBetween((long) answers.size(), (long) asked.get());
            assertThat(used.completionTokens()).isGreaterThanOrEqualTo(completion);
            assertThat(used.completionTokens() - completion)
                    .as("of the few that nobody could be told of any more")
                    .isLessThanOrEqualTo(4L * (asked.get() - answers.size()));
        }
    }

    private static void askUntilItIsGone(URI url, AtomicInteger asked, ConcurrentLinkedQueue<JsonNode> answers) {
        while (true) {
            int number = asked.incrementAndGet();
            try {
                HttpResponse<String> answer =
                        post(url, "/v1/chat/completions", question("Say " + number, 4, ",\"ignore_eos\":true"));
                assertThat(answer.statusCode()).isEqualTo(200);
                answers.add(json(answer.body()));
            } catch (UncheckedIOException gone) {
                return;
            }
        }
    }
}
