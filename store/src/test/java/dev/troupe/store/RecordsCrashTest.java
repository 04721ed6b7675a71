package dev.troupe.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.tenant.ApiKey;
import dev.troupe.store.TenancyStore.Tenancy;
import dev.troupe.store.UsageLedger.Bucket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is charged and who has a key, when the process that writes it is killed with {@code kill -9} again and again. */
class RecordsCrashTest {
    private static final int KILLS = 3;
    private static final int ROWS_BEFORE_A_KILL = 2_000;
    private static final int CHANGES_BEFORE_A_KILL = 100;

    @Test
    void ledgerInAnH2FileHasAllThatWasAcknowledgedAndNothingTwice(@TempDir Path folder) throws Exception {
        killAndCheckLedger(DatabaseConfig.file(folder.resolve("db").resolve("troupe")));
    }

    @Test
    void ledgerInPostgresHasAllThatWasAcknowledgedAndNothingTwice() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            killAndCheckLedger(server.config());
        }
    }

    @Test
    void tenancyInAnH2FileHasAllThatWasAcknowledgedWithItsNotes(@TempDir Path folder) throws Exception {
        killAndCheckTenancy(DatabaseConfig.file(folder.resolve("db").resolve("troupe")));
    }

    @Test
    void tenancyInPostgresHasAllThatWasAcknowledgedWithItsNotes() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            killAndCheckTenancy(server.config());
        }
    }

    private static void killAndCheckLedger(DatabaseConfig config) throws Exception {
        for (int kill = 0; kill < KILLS; kill++) {
            List<Integer> acknowledged = KilledProgram.run(LedgerCrashWriter.class, config, ROWS_BEFORE_A_KILL).stream()
                    .map(Integer::valueOf)
                    .toList();

            try (Database database = Database.open(config)) {
                UsageLedger ledger = database.usage();
                List<Integer> counts = countsByNumber(ledger);
                assertThat(counts).containsOnly(0, 1);
                assertThat(acknowledged).allSatisfy(number -> assertThat(counts.get(number))
                        .as("row %d", number)
                        .isEqualTo(1));
                long written = counts.stream().filter(count -> count > 0).count();
                assertThat(ledger.total(LedgerCrashWriter.TENANT, 0, Long.MAX_VALUE))
                        .isEqualTo(new UsageSum(written, 3 * written, 2 * written, written, 0));
            }
        }
    }

    /** @return how often each row is there; one has ended at the millisecond of its number */
    private static List<Integer> countsByNumber(UsageLedger ledger) {
        List<Integer> counts = new ArrayList<>();
        long all = ledger.total(LedgerCrashWriter.TENANT, 0, Long.MAX_VALUE).requests();
        for (long from = 0, seen = 0; seen < all; from += UsageLedger.MOST_BUCKETS) {
            for (Bucket bucket : ledger.buckets(LedgerCrashWriter.TENANT, from, from + UsageLedger.MOST_BUCKETS, 1)) {
                counts.add((int) bucket.sum().requests());
                seen += bucket.sum().requests();
            }
        }
        return counts;
    }

    private static void killAndCheckTenancy(DatabaseConfig config) throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(KilledProgram.run(TenancyCrashWriter.class, config, CHANGES_BEFORE_A_KILL));

            try (Database database = Database.open(config)) {
                Tenancy found = database.tenancy().load();
                assertThat(found.keys())
                        .extracting(ApiKey::id)
                        .doesNotHaveDuplicates()
                        .containsAll(acknowledged);
                // The tenant is a change too.
                assertThat(found.version()).isEqualTo(found.keys().size() + 1L);
                assertThat(database.audit().latest(Integer.MAX_VALUE))
                        .extracting(AuditEntry::subject)
                        .hasSize((int) found.version())
                        .containsAll(found.keys().stream().map(ApiKey::id).toList());
            }
        }
    }
}
