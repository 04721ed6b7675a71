package dev.troupe.image.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FairStepsTest {
    private static final int ROWS = 6;

    /**
     * Tenants that always have enough waiting are never further apart, by their weights, than one pass and a picture: a last row that is
     * too narrow for whose turn it is goes to another.
     */
    @Property(tries = 60)
    void tenantsThatWaitAreGivenByTheirWeights(@ForAll long seed) {
        Random random = new Random(seed);
        Bench bench = new Bench(Bench.config(ROWS));
        int tenants = 2 + random.nextInt(3);
        for (int tenant = 0; tenant < tenants; tenant++) {
            Share share = new Share(1 + random.nextInt(3), Priority.STANDARD, OptionalLong.empty());
            for (int i = 0; i < 8; i++) {
                var spec = Bench.spec(300, random.nextBoolean() ? 1 : 3, random.nextLong());
                bench.scheduler.generate(
                        bench.request("p" + tenant + "-" + i, 1, "t" + tenant, spec, share, Optional.empty()),
                        bench.now);
            }
        }
        double widest = 0;
        for (int pass = 0; pass < 100; pass++) {
            bench.pass();
            double least = Double.MAX_VALUE;
            double most = 0;
            for (int tenant = 0; tenant < tenants; tenant++) {
                least = Math.min(least, bench.scheduler.given("t" + tenant));
                most = Math.max(most, bench.scheduler.given("t" + tenant));
            }
            widest = Math.max(widest, most - least);
        }
        assertThat(widest).isLessThanOrEqualTo(ROWS + 2);
        assertThat(bench.model.passes).as("no pass has more rows than it may").allMatch(rows -> rows <= ROWS);
    }

    @Test
    void whoComesBackGetsNoCreditForItsAbsence() {
        Bench bench = new Bench(Bench.config(2));
        bench.send("early", "idle", Bench.spec(2, 1, 1));
        bench.runAll();
        for (int i = 0; i < 4; i++) {
            bench.send("busy" + i, "busy", Bench.spec(100, 3, i));
        }
        for (int i = 0; i < 50; i++) {
            bench.pass();
        }
        for (int i = 0; i < 4; i++) {
            bench.send("idle" + i, "idle", Bench.spec(100, 3, i));
        }
        double before = bench.scheduler.given("busy");
        for (int i = 0; i < 40; i++) {
            bench.pass();
        }

        assertThat(bench.scheduler.given("busy") - before)
                .as("half of what was done since")
                .isBetween(30.0, 50.0);
    }

    @Test
    void manyPicturesOfOneDoNotHoldUpTheOneOfAnother() {
        Bench bench = new Bench(Bench.config(2));
        for (int i = 0; i < 30; i++) {
            bench.send("many" + i, "many", Bench.spec(50, 3, i));
        }
        for (int i = 0; i < 20; i++) {
            bench.pass();
        }
        bench.send("one", "single", Bench.spec(10, 3, 99));
        int passes = 0;
        while (!(bench.last("one") instanceof PictureEvent.Made)) {
            bench.pass();
            passes++;
        }

        assertThat(passes).as("every other pass is its").isLessThanOrEqualTo(24);
    }
}
