package dev.troupe.cache.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Four routers, one tenant with two keys, and a wire that loses, doubles and delays; routers die and their requests go on elsewhere or nowhere. */
final class LimitsSimulation {
    private static final int ROUTERS = 4;
    private static final long LOAD_MILLIS = 300_000;
    private static final long RENEW_MILLIS = 3_000;

    /** A message is never on its way for longer, and an end is told for two minutes: together less than the pool's memory. */
    private static final int MOST_DELAY_MILLIS = 50_000;

    private static final long DAY_TOKENS = 2_000_000;
    private static final int PLACES = 24;
    private static final int KEYS = 2;
    private static final int KEY_PLACES = 16;
    private static final Limits OF_TENANT = new Limits(Map.of(
            Kind.TOKENS_PER_DAY, DAY_TOKENS, Kind.CONCURRENT_REQUESTS, (long) PLACES, Kind.REQUESTS_PER_MINUTE, 120L));
    private static final Limits OF_KEY = Demands.limits(Kind.CONCURRENT_REQUESTS, KEY_PLACES);

    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final TenantAccount account = new TenantAccount();
    private final List<Router> routers = new ArrayList<>();
    private final Map<String, Long> usedOfSettled = new HashMap<>();
    private final Map<String, Router> settledBy = new HashMap<>();
    private final Tally tally = new Tally();
    private int requests;

    /** What happened, to see that it did. */
    static final class Tally {
        private int admitted;
        private int refused;
        private int deaths;
        private int takenOver;

        void add(Tally other) {
            admitted += other.admitted;
            refused += other.refused;
            deaths += other.deaths;
            takenOver += other.takenOver;
        }

        @Override
        public String toString() {
            return admitted + " admitted, " + refused + " refused, " + deaths + " deaths, " + takenOver + " taken over";
        }
    }

    LimitsSimulation(long seed) {
        random = new Random(seed);
        for (int i = 0; i < ROUTERS; i++) {
            routers.add(new Router());
        }
    }

    Tally run() {
        load();
        time.pass(LOAD_MILLIS);
        long quiet = TenantAccount.LEASE_MILLIS + TenantAccount.MEMORY_MILLIS + 2L * MOST_DELAY_MILLIS;
        time.pass(quiet);
        check(LOAD_MILLIS + quiet);
        return tally;
    }

    private void load() {
        if (time.now() >= LOAD_MILLIS) {
            return;
        }
        routers.get(random.nextInt(ROUTERS)).begin();
        if (random.nextInt(400) == 0) {
            int dying = random.nextInt(ROUTERS);
            Router dead = routers.get(dying);
            routers.set(dying, new Router());
            dead.die();
        }
        time.after(random.nextInt(500), this::load);
    }

    private void check(long millis) {
        // An account looks at its clock when it is asked something.
        account.apply(new LimitCommand.Renew(List.of()), time.now());
        TenantAccount.Saved saved = account.save();
        assertThat(saved.underWay()).isEmpty();
        assertThat(freePlaces(Demands.of("probe", OF_TENANT, 0)))
                .as("of the tenant")
                .isEqualTo(PLACES - 1);
        for (int key = 0; key < KEYS; key++) {
            Demand probe = Demands.ofKey("probe " + key, Limits.NONE, "k" + key, OF_KEY, 0);
            assertThat(freePlaces(probe)).as("of key " + key).isEqualTo(KEY_PLACES - 1);
        }
        double taken = saved.tenant().get(Kind.TOKENS_PER_DAY).taken();
        long used = usedOfSettled.values().stream().mapToLong(Long::longValue).sum();
        long told = usedOfSettled.entrySet().stream()
                .filter(settled -> settledBy.get(settled.getKey()).alive)
                .mapToLong(Map.Entry::getValue)
                .sum();
        double back = (double) DAY_TOKENS * millis / Rate.DAY_MILLIS;
        assertThat(taken).as("missing, of used").isLessThanOrEqualTo((double) used);
        assertThat(taken).as("missing, of used and told").isGreaterThanOrEqualTo((double) told - back);
    }

    private long freePlaces(Demand probe) {
        return account.apply(new LimitCommand.Reserve(probe), time.now())
                .standings()
                .get(Kind.CONCURRENT_REQUESTS)
                .remaining();
    }

    /** A router and its end of the wire. */
    private final class Router implements AccountHome {
        private final List<Demand> underWay = new ArrayList<>();
        private final SharedLimits limits = new SharedLimits(this, this::whileAlive, time::now, () -> ROUTERS);
        private boolean alive = true;

        Router() {
            time.after(random.nextInt((int) RENEW_MILLIS), this::renew);
        }

        private Runnable whileAlive(long millis, Runnable task) {
            return time.after(millis, () -> {
                if (alive) {
                    task.run();
                }
            });
        }

        private void renew() {
            if (alive) {
                limits.renew(underWay);
                time.after(RENEW_MILLIS, this::renew);
            }
        }

        void begin() {
            String id = "r" + requests++;
            Demand demand = Demands.ofKey(id, OF_TENANT, "k" + random.nextInt(KEYS), OF_KEY, 1 + random.nextInt(4_000));
            limits.reserve(demand).thenAccept(verdict -> {
                if (verdict.admitted()) {
                    tally.admitted++;
                    goOn(demand);
                } else {
                    tally.refused++;
                }
            });
        }

        private void goOn(Demand demand) {
            underWay.add(demand);
            long duration = random.nextInt(4) == 0 ? random.nextInt(120_000) : random.nextInt(3_000);
            time.after(duration, () -> {
                if (alive && underWay.remove(demand)) {
                    end(demand);
                }
            });
        }

        private void end(Demand demand) {
            long used = random.nextLong(demand.tokens() + 1);
            usedOfSettled.put(demand.requestId(), used);
            settledBy.put(demand.requestId(), this);
            limits.settle(demand, used);
            if (random.nextInt(10) == 0) {
                limits.settle(demand, used);
            }
        }

        void die() {
            alive = false;
            tally.deaths++;
            for (Demand demand : underWay) {
                if (random.nextInt(10) < 7) {
                    tally.takenOver++;
                    time.after(random.nextInt(5_000), () -> routers.get(random.nextInt(ROUTERS))
                            .goOn(demand));
                }
            }
        }

        @Override
        public CompletionStage<Verdict> apply(String tenant, LimitCommand command) {
            CompletableFuture<Verdict> answer = new CompletableFuture<>();
            if (!alive) {
                return answer;
            }
            int fate = random.nextInt(20);
            int soon = 1 + random.nextInt(5);
            if (fate == 0) {
                fail(soon + random.nextInt(5_000), answer);
            } else if (fate == 1) {
                time.after(soon, () -> account.apply(command, time.now()));
                fail(soon + random.nextInt(5_000), answer);
            } else if (fate == 2) {
                arrive(soon, command, answer);
                arrive(soon + random.nextInt(MOST_DELAY_MILLIS), command, new CompletableFuture<>());
            } else if (fate == 3) {
                arrive(soon + random.nextInt(MOST_DELAY_MILLIS), command, answer);
            } else {
                arrive(soon, command, answer);
            }
            return answer;
        }

        private void arrive(long millis, LimitCommand command, CompletableFuture<Verdict> answer) {
            time.after(millis, () -> {
                Verdict verdict = account.apply(command, time.now());
                whileAlive(1, () -> answer.complete(verdict));
            });
        }

        private void fail(long millis, CompletableFuture<Verdict> answer) {
            whileAlive(millis, () -> answer.completeExceptionally(new IllegalStateException("no answer")));
        }
    }
}
