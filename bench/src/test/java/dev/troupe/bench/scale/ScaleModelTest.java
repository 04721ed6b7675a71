package dev.troupe.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.bench.scale.PoolPlan.Journal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleModelTest {
    private static final PoolModel.Bounds BOUNDS = new PoolModel.Bounds(1_000, 100);

    @ParameterizedTest
    @EnumSource(Journal.class)
    void everyRequestEndsOnce(Journal journal) {
        PoolPlan plan = PoolPlan.apart(ReplicaProfile.cpu(), Costs.measured(), 5, 3, journal);
        Ends ends = new Ends(new OpenLoad(Traffic.chat(4), 1));

        Outcome outcome = new PoolModel(plan, ends, 1, BOUNDS).run(5, 60);

        assertThat(outcome.asked()).isGreaterThan(100).isEqualTo(outcome.served() + outcome.refused());
        assertThat(ends.twice).isZero();
        assertThat(ends.seen).hasSize((int) outcome.asked());
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsRefusedAndEndsOnceToo() {
        PoolPlan plan = PoolPlan.apart(ReplicaProfile.cpu(), Costs.measured(), 1, 1, Journal.OFF);
        Ends ends = new Ends(new OpenLoad(Traffic.chat(40), 1));

        Outcome outcome = new PoolModel(plan, ends, 1, BOUNDS).run(0, 60);

        assertThat(outcome.refused()).isGreaterThan(100);
        assertThat(ends.twice).isZero();
        assertThat(ends.seen).hasSize((int) (outcome.served() + outcome.refused()));
    }

    @Test
    void theSameSeedGivesTheSameOutcomeAndAnotherAnother() {
        assertThat(figures(4, 7)).isEqualTo(figures(4, 7)).isNotEqualTo(figures(4, 8));
    }

    private static String figures(int replicas, long seed) {
        Outcome outcome = run(replicas, 3, seed);
        return outcome.asked() + " " + outcome.firstToken().millis(50) + " "
                + outcome.gaps().millis(99) + " " + outcome.loads().device()
                + outcome.loads().routerLoop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void moreReplicasNeverMakeLessGoodputOfTheSameLoad(long seed) {
        double before = 0;
        for (int replicas : new int[] {1, 2, 4, 8, 16}) {
            Outcome outcome = run(replicas, 6, seed);
            // A request that happens to miss its prefix may be late by chance: one in a hundred is no less.
            assertThat(outcome.goodPerSecond()).as("%d replicas", replicas).isGreaterThanOrEqualTo(before * 0.99);
            before = outcome.goodPerSecond();
            if (replicas == 1) {
                assertThat(before).as("one cannot do it").isLessThan(outcome.requestsPerSecond() / 2);
            }
            if (replicas == 16) {
                assertThat(before).as("sixteen can").isGreaterThan(0.97 * outcome.requestsPerSecond());
            }
        }
    }

    private static Outcome run(int replicas, double rate, long seed) {
        PoolPlan plan = PoolPlan.apart(ReplicaProfile.cpu(), Costs.measured(), replicas, 2, Journal.BY_REPLICA);
        return new PoolModel(plan, new OpenLoad(Traffic.chat(rate), seed), seed, BOUNDS).run(10, 120);
    }

    /** What {@code ./troupe bench} was seen to give on the machine of the step times: see the page on performance. */
    @Test
    void oneReplicaIsAsQuickAsItWasMeasured() {
        assertThat(closed(1).tokensPerSecond()).isCloseTo(228, within(0.15 * 228));
        assertThat(closed(32).tokensPerSecond()).isCloseTo(616, within(0.2 * 616));
    }

    private static Outcome closed(int streams) {
        PoolPlan plan = PoolPlan.together(
                ReplicaProfile.cpuWithClients(ReplicaProfile.cpu().time()), Costs.measured(), 1, 2, 2);
        return new PoolModel(plan, new ClosedLoad(streams, 100, 64), 1, BOUNDS).run(10, 60);
    }

    @Test
    void replicasOnOneMachineShareItsCores() {
        PoolPlan alone = PoolPlan.apart(ReplicaProfile.cpu(), Costs.none(), 4, 1, Journal.OFF);
        PoolPlan together = PoolPlan.together(ReplicaProfile.cpu(), Costs.none(), 4, 2, 2);

        double apart = new PoolModel(alone, new ClosedLoad(32, 100, 64), 1, BOUNDS)
                .run(5, 30)
                .tokensPerSecond();
        double shared = new PoolModel(together, new ClosedLoad(32, 100, 64), 1, BOUNDS)
                .run(5, 30)
                .tokensPerSecond();

        assertThat(shared).isLessThan(apart / 2.5);
    }
}
