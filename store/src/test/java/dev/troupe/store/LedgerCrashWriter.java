package dev.troupe.store;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The program that {@link RecordsCrashTest} kills while it writes the ledger, many rows at once, and says of each when it is done. Started again
 * it first repeats rows from before its death, as a router does that does not know what came of them.
 */
final class LedgerCrashWriter {
    static final String TENANT = "acme";
    private static final int AT_ONCE = 200;
    private static final int REPEATED = 1_000;

    private LedgerCrashWriter() {}

    /** @param arguments URL, user and password */
    public static void main(String[] arguments) {
        UsageLedger ledger = KilledProgram.open(arguments).usage();
        int written = (int) ledger.total(TENANT, 0, Long.MAX_VALUE).requests();
        UsageWriter writer = new UsageWriter(ledger, AT_ONCE);
        Semaphore room = new Semaphore(AT_ONCE);
        for (int number = Math.max(0, written - REPEATED); ; number++) {
            room.acquireUninterruptibly();
            int done = number;
            writer.record(row(number)).whenComplete((nothing, failure) -> {
                if (failure != null) {
                    failure.printStackTrace();
                    System.exit(1);
                }
                System.out.println(done);
                room.release();
            });
        }
    }

    private static UsageRow row(int number) {
        return new UsageRow(
                "chatcmpl-" + number,
                TENANT,
                Optional.of("k"),
                "m",
                "/v1/completions",
                0,
                number,
                3,
                2,
                1,
                0,
                "success");
    }
}
