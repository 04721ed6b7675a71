package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed with {@code kill -9} takes nothing with it that it had acknowledged. */
class CrashTest {
    private static final int KILLS = 3;
    private static final int ACKNOWLEDGED_BEFORE_A_KILL = 150;

    @Test
    void killedWriterLosesNothingAcknowledgedInAnH2File(@TempDir Path folder) throws Exception {
        killAndCheck(DatabaseConfig.file(folder.resolve("db").resolve("troupe")));
    }

    @Test
    void killedWriterLosesNothingAcknowledgedInPostgres() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            killAndCheck(server.config());
        }
    }

    private static void killAndCheck(DatabaseConfig config) throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            List<String> acknowledged = writeUntilKilled(config);
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_A_KILL);

            try (Database database = Database.open(config)) {
                StoredConversation found = database.conversations()
                        .load(CrashWriter.TENANT, CrashWriter.CONVERSATION)
                        .orElseThrow();

                List<String> ids = found.items().stream().map(StoredItem::id).toList();
                assertThat(ids).containsExactlyElementsOf(turnsUpTo(found.version()));
                assertThat(found.items()).extracting(StoredItem::requestId).containsAll(acknowledged);
            }
        }
    }

    /** Every turn whole, in order, once. */
    private static List<String> turnsUpTo(long version) {
        return LongStream.range(0, version)
                .boxed()
                .flatMap(turn -> Stream.of("r" + turn + "-question", "r" + turn + "-answer"))
                .toList();
    }

    private static List<String> writeUntilKilled(DatabaseConfig config) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        CrashWriter.class.getName(),
                        config.url(),
                        config.user().orElse(""),
                        config.password().orElse(""))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged.add(line);
                if (acknowledged.size() == ACKNOWLEDGED_BEFORE_A_KILL) {
                    // By its handle, which leaves the stream open: what it still manages to say until it is dead counts
                    // too.
                    writer.toHandle().destroyForcibly();
                }
            }
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return acknowledged;
    }
}
