package dev.troupe.cache.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.troupe.cache.service.ServiceAccount;
import dev.troupe.cache.service.ServiceLedger;
import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.wire.WireReader;
import dev.troupe.cluster.wire.WireSerializer;
import dev.troupe.cluster.wire.WireWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** An account for each model and tenant, changed where it lies; a second member has a copy. */
public final class HazelcastServiceLedger implements ServiceLedger {
    private static final String MAP = "troupe.service";
    /** Who comes back later begins with what the others have then, as anybody new does. */
    private static final int FORGOTTEN_AFTER_SECONDS = (int) TimeUnit.HOURS.toSeconds(1);

    /** Types' numbers are never given to another. */
    private static final int ACCOUNT = 1201;

    private static final int REPORT = 1202;

    /** Neither fingerprints nor names of tenants have it. */
    private static final char SEPARATOR = '/';

    private final IMap<String, ServiceAccount> accounts;
    private final LongSupplier clock;

    /** @param clock milliseconds since 1970 */
    public HazelcastServiceLedger(HazelcastInstance hazelcast, LongSupplier clock) {
        this.accounts = hazelcast.getMap(MAP);
        this.clock = clock;
    }

    /** How a member keeps the accounts, whether or not it has a replica: the same on every member of a pool. */
    public static void configure(Config config) {
        config.addMapConfig(new MapConfig(MAP).setBackupCount(1).setMaxIdleSeconds(FORGOTTEN_AFTER_SECONDS));
        config.getSerializationConfig()
                .addSerializerConfig(new WireSerializer<>(
                                ACCOUNT,
                                ServiceAccount.class,
                                1,
                                (out, account) -> real(out, account.counter()).count(account.waitedAtMillis()),
                                in -> new ServiceAccount(real(in), in.count()))
                        .config())
                .addSerializerConfig(new WireSerializer<>(
                                REPORT,
                                ReportService.class,
                                1,
                                HazelcastServiceLedger::write,
                                HazelcastServiceLedger::readReport)
                        .config());
    }

    private static void write(WireWriter out, ReportService update) {
        ServiceReport report = update.report();
        real(real(out, report.served()), report.floor()).bool(report.waiting()).count(update.nowMillis());
    }

    private static ReportService readReport(WireReader in) {
        return new ReportService(new ServiceReport(real(in), real(in), in.bool()), in.count());
    }

    private static WireWriter real(WireWriter out, double value) {
        return out.bits(Double.doubleToLongBits(value));
    }

    private static double real(WireReader in) {
        return Double.longBitsToDouble(in.bits());
    }

    /** An operation for each tenant: one for all of them would go to each member's few threads that also carry heartbeats. */
    @Override
    public CompletionStage<Map<String, Double>> exchange(String model, Map<String, ServiceReport> reports) {
        CompletionStage<Map<String, Double>> all = CompletableFuture.completedStage(new HashMap<>());
        for (Map.Entry<String, ServiceReport> one : reports.entrySet()) {
            all = all.thenCombine(add(model + SEPARATOR + one.getKey(), one.getValue()), (counters, counter) -> {
                counters.put(one.getKey(), counter);
                return counters;
            });
        }
        return all;
    }

    private CompletionStage<Double> add(String key, ServiceReport report) {
        try {
            return Replies.of(accounts.submitToKey(key, new ReportService(report, clock.getAsLong())));
        } catch (RuntimeException refused) {
            // On the smaller side of a split Hazelcast does not even begin.
            return CompletableFuture.failedStage(refused);
        }
    }
}
