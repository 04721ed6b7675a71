package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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
            List<String> acknowledged = KilledProgram.run(CrashWriter.class, config, ACKNOWLEDGED_BEFORE_A_KILL);

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
}
