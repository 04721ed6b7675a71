package dev.troupe.batcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.sim.Simulation;
import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Who is next among tenants, and what each pays. Every request here costs 10 + 3 * 2. */
class SchedulerFairnessTest extends SchedulerHarness {
    private static final Share DOUBLE = new Share(2, Priority.STANDARD, OptionalLong.empty());

    private void admit(String tenant, Share share, String... ids) {
        for (String id : ids) {
            admit(request(tenant, id, 10, 3, share));
        }
    }

    @Test
    void tenantsTakeTurnsHoweverManyOfOneWait() {
        begin(1);
        admit("heavy", Share.EQUAL, "h0", "h1", "h2", "h3", "h4", "h5");
        admit("light", Share.EQUAL, "l0", "l1");

        assertThat(startOrder()).containsExactly("h0", "l0", "h1", "l1", "h2", "h3", "h4", "h5");
    }

    @Test
    void aTenantOfTwiceTheWeightGetsTwiceAsMuch() {
        begin(1);
        admit("heavy", DOUBLE, "h0", "h1", "h2", "h3", "h4", "h5");
        admit("light", Share.EQUAL, "l0", "l1");

        assertThat(startOrder()).containsExactly("h0", "l0", "h1", "h2", "l1", "h3", "h4", "h5");
    }

    @Test
    void ofOneTenantTheFirstThatCameIsNext() {
        begin(1);
        admit("t", Share.EQUAL, "c", "b", "a");

        assertThat(startOrder()).containsExactly("c", "b", "a");
    }

    @Test
    void whoWasAwayGetsNoCreditForIt() {
        begin(1);
        admit("steady", Share.EQUAL, "s0", "s1", "s2");
        startOrder();
        admit("steady", Share.EQUAL, "s3", "s4");
        admit("back", Share.EQUAL, "b0", "b1", "b2");

        assertThat(startOrder()).containsExactly("s3", "b0", "s4", "b1", "b2");
    }

    @Test
    void whoWasGivenMoreThanOthersOwesItWhenItComesBack() {
        begin(1);
        admit("light", Share.EQUAL, "l0", "l1", "l2", "l3", "l4");
        admit(request("heavy", "h0", 400, 3, Share.EQUAL));
        step();
        step();
        admit("heavy", Share.EQUAL, "h1");

        assertThat(startOrder()).endsWith("h1");
    }

    @Test
    void thePoolsCountersDecideOnceTheyAreKnown() {
        begin(1);
        admit("a", Share.EQUAL, "a0", "a1", "a2");
        admit("b", Share.EQUAL, "b0", "b1");
        assertThat(scheduler.reportService())
                .isEqualTo(Map.of("a", new ServiceReport(0, 0, true), "b", new ServiceReport(0, 0, true)));

        scheduler.serviceHeard(Map.of("a", 1_000.0, "b", 0.0));

        assertThat(startOrder()).containsExactly("b0", "b1", "a0", "a1", "a2");
    }

    @Test
    void whatThePoolDoesNotAnswerIsToldAgain() {
        begin(1);
        admit("a", Share.EQUAL, "a0");
        startOrder();
        scheduler.reportService();
        scheduler.serviceUnheard();

        assertThat(scheduler.reportService().get("a").served()).isEqualTo(16);
    }

    @Test
    void aPromptInTheCacheCostsAHundredth() {
        GenerateRequest first = request("t", "a", 100, 1, Share.EQUAL);
        admit(first);
        runToIdle();
        scheduler.reportService();
        scheduler.serviceHeard(Map.of());
        admit(new GenerateRequest("again", 1, "t", "router", first.prompt(), 1, first.sampling()));
        runToIdle();

        assertThat(scheduler.reportService().get("t").served()).isCloseTo(4 + 0.96 + 2, within(1e-9));
    }

    @Test
    void whoGaveWayDoesNotPayTwice() {
        Simulation.Tally tally = new Simulation.Tally();
        begin(new KvPlan(1, 1024, 0), CONFIG, tally);
        for (int i = 0; i < 4; i++) {
            admit(request("t", "r" + i, 150, 300, Share.EQUAL));
        }
        runToIdle();

        assertThat(tally.counts().get("preemptions")).isPositive();
        assertThat(scheduler.reportService().get("t").served()).isEqualTo(4 * (150 + 2 * 300));
    }

    @Test
    void whoIsCancelledWhileItWaitsPaysNothing() {
        begin(1);
        admit("t", Share.EQUAL, "a", "b");
        step();
        scheduler.cancel(new Cancel(new Attempt("b", 1)), now);
        startOrder();

        assertThat(scheduler.reportService().get("t").served()).isEqualTo(16);
    }
}
