package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.service.ServiceLedger;
import dev.troupe.cache.service.ServiceReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two real members. */
class HazelcastServiceLedgerTest {
    private static Members members;
    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);
    private final ServiceLedger here = new HazelcastServiceLedger(members.first.hazelcast(), clock::get);
    private final ServiceLedger there = new HazelcastServiceLedger(members.second.hazelcast(), clock::get);

    @BeforeAll
    static void join() {
        members = new Members(16_751, HazelcastServiceLedger::configure);
    }

    @AfterAll
    static void leave() {
        members.close();
    }

    @Test
    void bothMembersHearWhatBothDid() throws Exception {
        assertThat(exchange(here, "m1", Map.of("a", served(100), "b", served(7))))
                .isEqualTo(Map.of("a", 100.0, "b", 7.0));

        assertThat(exchange(there, "m1", Map.of("a", served(50)))).isEqualTo(Map.of("a", 150.0));
        assertThat(exchange(here, "m1", Map.of("a", served(0), "b", served(0))))
                .isEqualTo(Map.of("a", 150.0, "b", 7.0));
    }

    @Test
    void modelsDoNotShareTheirAccounts() throws Exception {
        exchange(here, "m2", Map.of("a", served(100)));

        assertThat(exchange(here, "m3", Map.of("a", served(1)))).isEqualTo(Map.of("a", 1.0));
    }

    @Test
    void manyAtOnceLoseNothing() throws Exception {
        List<CompletionStage<Map<String, Double>>> under = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            under.add(here.exchange("m4", Map.of("a", served(1), "b", served(2))));
            under.add(there.exchange("m4", Map.of("a", served(1))));
        }
        for (CompletionStage<Map<String, Double>> one : under) {
            await(one);
        }

        assertThat(exchange(there, "m4", Map.of("a", served(0), "b", served(0))))
                .isEqualTo(Map.of("a", 400.0, "b", 400.0));
    }

    @Test
    void whoComesBackIsRaisedOnceForAllReplicas() throws Exception {
        exchange(here, "m5", Map.of("a", new ServiceReport(10, 0, true)));
        clock.addAndGet(60_000);

        assertThat(exchange(here, "m5", Map.of("a", new ServiceReport(0, 500, true))))
                .isEqualTo(Map.of("a", 500.0));
        assertThat(exchange(there, "m5", Map.of("a", new ServiceReport(0, 900, true))))
                .as("waits already, at the other replica")
                .isEqualTo(Map.of("a", 500.0));
    }

    private static ServiceReport served(double service) {
        return new ServiceReport(service, 0, true);
    }

    private static Map<String, Double> exchange(ServiceLedger ledger, String model, Map<String, ServiceReport> reports)
            throws Exception {
        return await(ledger.exchange(model, reports));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
