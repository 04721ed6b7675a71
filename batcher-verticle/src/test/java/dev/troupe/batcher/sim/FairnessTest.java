package dev.troupe.batcher.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.fair.Price;
import dev.troupe.batcher.sim.FairPool.Tenant;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The promises of {@code docs/fairness.md} at every step of some hundred pools. {@code -Dtroupe.sim.seed=N} runs one seed alone. */
class FairnessTest {
    private static final long ONLY = Long.getLong("troupe.sim.seed", -1);
    private static final long MILLIS = 5_000;

    private static void forSeeds(int seeds, LongConsumer run) {
        for (long seed = Math.max(ONLY, 0); seed < (ONLY < 0 ? seeds : ONLY + 1); seed++) {
            try {
                run.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (replay: -Dtroupe.sim.seed=" + seed + "): " + e, e);
            }
        }
    }

    @Test
    void tenantsThatWaitAreNeverFurtherApartThanTheBound() {
        forSeeds(300, seed -> {
            Random random = new Random(seed);
            int replicas = 1 + random.nextInt(3);
            KvPlan kv = new KvPlan(1 + random.nextInt(2), FairPool.CONTEXT, 0);
            Priority priority = List.of(Priority.values()).get(random.nextInt(3));
            List<Tenant> tenants = new ArrayList<>();
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                tenants.add(tenant(random, "t" + i, priority, true));
            }
            Gaps gaps = new Gaps(tenants);

            new FairPool(random, replicas, kv, config(random, 1 + random.nextInt(20_000)), tenants, gaps).run(MILLIS);

            int longest = tenants.stream().mapToInt(Tenant::longestPrompt).max().orElseThrow();
            double memory = (double) replicas * kv.slabs() * kv.slabTokens();
            gaps.check(Math.max(Price.PROMPT * longest, Price.GENERATED * memory), replicas > 1);
        });
    }

    @Test
    void nobodyStarvesWhateverIsMoreUrgent() {
        forSeeds(60, seed -> {
            Random random = new Random(seed);
            List<Tenant> tenants = new ArrayList<>();
            for (Priority priority : Priority.values()) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    tenants.add(tenant(random, priority.word() + i, priority, false));
                }
            }
            Starts starts = new Starts();

            new FairPool(random, 1, new KvPlan(1, FairPool.CONTEXT, 20), config(random, 500), tenants, starts)
                    .run(6 * MILLIS);

            assertThat(tenants).allSatisfy(tenant -> assertThat(starts.count.get(tenant))
                    .as("%s begins", tenant.name())
                    .isGreaterThanOrEqualTo(2));
        });
    }

    private static Tenant tenant(Random random, String name, Priority priority, boolean rests) {
        Share share = new Share(1 + random.nextInt(4), priority, OptionalLong.empty());
        // Who never rests has more waiting than can run, so that a class beneath it gets nothing that it leaves.
        int backlog = rests ? 1 + random.nextInt(6) : 12;
        return new Tenant(name, share, 1 + random.nextInt(200), 1 + random.nextInt(100), backlog, rests);
    }

    private static BatcherConfig config(Random random, long ageMillis) {
        int running = 1 + random.nextInt(8);
        int budget = running + 20 + random.nextInt(100);
        return new BatcherConfig(
                running,
                budget,
                20 + random.nextInt(budget),
                0,
                1_000,
                Integer.MAX_VALUE,
                Long.MAX_VALUE / 2,
                5_000,
                100,
                300_000,
                1_000,
                ageMillis,
                Long.MAX_VALUE);
    }

    /** How often tenants' requests begin. */
    private static final class Starts implements FairPool.Watcher {
        private final Map<Tenant, Integer> count = new HashMap<>();

        @Override
        public void served(Tenant tenant, double service, long nowMillis) {}

        @Override
        public void began(Tenant tenant) {
            count.merge(tenant, 1, Integer::sum);
        }

        @Override
        public void look(Predicate<Tenant> backlogged) {}
    }

    /** For each two tenants, how much more one was given than the other while both waited everywhere. */
    private static final class Gaps implements FairPool.Watcher {
        private static final long BUCKET_MILLIS = 100;

        private final List<Tenant> tenants;
        private final Map<Tenant, Double> service = new HashMap<>();
        private final Map<Tenant, TreeMap<Long, Double>> buckets = new HashMap<>();
        private final Map<List<Tenant>, Gap> gaps = new HashMap<>();

        private static final class Gap {
            private boolean open;
            private double least;
            private double most;
            private double widest;

            void look(boolean both, double difference) {
                if (both && !open) {
                    least = difference;
                    most = difference;
                }
                open = both;
                if (both) {
                    least = Math.min(least, difference);
                    most = Math.max(most, difference);
                    widest = Math.max(widest, most - least);
                }
            }
        }

        Gaps(List<Tenant> tenants) {
            this.tenants = tenants;
        }

        @Override
        public void served(Tenant tenant, double virtual, long nowMillis) {
            service.merge(tenant, virtual, Double::sum);
            buckets.computeIfAbsent(tenant, one -> new TreeMap<>())
                    .merge(nowMillis / BUCKET_MILLIS, virtual, Double::sum);
        }

        @Override
        public void began(Tenant tenant) {}

        @Override
        public void look(Predicate<Tenant> backlogged) {
            for (int i = 0; i < tenants.size(); i++) {
                for (int j = 0; j < i; j++) {
                    Tenant one = tenants.get(i);
                    Tenant other = tenants.get(j);
                    double difference = service.getOrDefault(one, 0.0) - service.getOrDefault(other, 0.0);
                    gaps.computeIfAbsent(List.of(one, other), pair -> new Gap())
                            .look(backlogged.test(one) && backlogged.test(other), difference);
                }
            }
        }

        /** @param unit the paper's U for the pool */
        void check(double unit, boolean late) {
            gaps.forEach((pair, gap) -> {
                double bound = pair.stream()
                        .mapToDouble(tenant -> unit / tenant.share().weight() + (late ? mostWhileStale(tenant) : 0))
                        .sum();
                assertThat(gap.widest).as("between %s", pair).isLessThanOrEqualTo(bound);
            });
        }

        /** What the others may not know of yet. */
        private double mostWhileStale(Tenant tenant) {
            TreeMap<Long, Double> all = buckets.getOrDefault(tenant, new TreeMap<>());
            long window = FairPool.STALE_MILLIS / BUCKET_MILLIS + 1;
            return all.keySet().stream()
                    .mapToDouble(from -> all.subMap(from, true, from + window, true).values().stream()
                            .mapToDouble(Double::doubleValue)
                            .sum())
                    .max()
                    .orElse(0);
        }
    }
}
