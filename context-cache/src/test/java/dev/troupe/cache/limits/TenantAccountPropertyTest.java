package dev.troupe.cache.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class TenantAccountPropertyTest {
    private static final int STEPS = 120;
    private static final long MINUTE = 60_000;

    /** What was reserved less what came back, at a time. */
    private record Taken(long atMillis, long tokens) {}

    @Property(tries = 300)
    void inNoWindowIsMoreReservedThanTheLimitAndWhatItHolds(
            @ForAll @IntRange(min = 1, max = 5_000) int limit, @ForAll long seed) {
        Random random = new Random(seed);
        Limits limits = Demands.limits(Kind.TOKENS_PER_MINUTE, limit);
        TenantAccount account = new TenantAccount();
        List<Taken> taken = new ArrayList<>();
        List<Demand> underWay = new ArrayList<>();
        long now = 0;
        long used = 0;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(3) * 1_000L;
            account.apply(new LimitCommand.Renew(underWay), now);
            if (random.nextInt(3) > 0) {
                Demand demand = Demands.of("r" + step, limits, random.nextInt(limit) + 1);
                if (account.apply(new LimitCommand.Reserve(demand), now).admitted()) {
                    underWay.add(demand);
                    taken.add(new Taken(now, demand.tokens()));
                }
            } else if (!underWay.isEmpty()) {
                Demand demand = underWay.remove(random.nextInt(underWay.size()));
                long spent = random.nextLong(demand.tokens() + 1);
                account.apply(new LimitCommand.Settle(demand, new Amounts(1, spent, 0)), now);
                taken.add(new Taken(now, spent - demand.tokens()));
                used += spent;
            }
        }
        assertThat((double) used).isLessThanOrEqualTo(limit + limit * (double) now / MINUTE + 1e-3);
        for (int from = 0; from < taken.size(); from++) {
            long sum = 0;
            for (int to = from; to < taken.size(); to++) {
                sum += taken.get(to).tokens();
                double time = taken.get(to).atMillis() - taken.get(from).atMillis();
                assertThat((double) sum).isLessThanOrEqualTo(limit + limit * time / MINUTE + 1e-3);
            }
        }
    }

    @Property(tries = 300)
    void whoComesBackWhenHeWasToldToIsAdmitted(
            @ForAll @IntRange(min = 1, max = 1_000_000) int limit, @ForAll long seed) {
        Random random = new Random(seed);
        Limits limits = Demands.limits(Kind.TOKENS_PER_MINUTE, limit).with(Kind.TOKENS_PER_DAY, 50L * limit);
        TenantAccount account = new TenantAccount();
        long now = 1_700_000_000_000L;
        for (int step = 0; step < STEPS; step++) {
            now += random.nextInt(200);
            Demand demand = Demands.of("r" + step, limits, random.nextInt(limit) + 1);
            var verdict = account.apply(new LimitCommand.Reserve(demand), now);
            if (!verdict.admitted()) {
                // What the leases give back meanwhile only helps.
                now += verdict.retryAfterMillis();
                assertThat(account.apply(new LimitCommand.Reserve(demand), now).admitted())
                        .isTrue();
            }
        }
    }

    @Property(tries = 300)
    void orderAndRepetitionOfWhatIsSaidDoNotMatter(@ForAll long seed) {
        Random random = new Random(seed);
        Limits ofTenant = Demands.limits(Kind.TOKENS_PER_DAY, 1_000_000).with(Kind.CONCURRENT_REQUESTS, 1_000);
        Limits ofKey = Demands.limits(Kind.REQUESTS_PER_MINUTE, 1_000);
        List<LimitCommand> said = new ArrayList<>();
        long used = 0;
        int still = 0;
        for (int i = 0; i < 20; i++) {
            Demand demand = Demands.ofKey("r" + i, ofTenant, "k" + i % 2, ofKey, 1 + random.nextInt(1_000));
            said.add(new LimitCommand.Reserve(demand));
            said.add(new LimitCommand.Renew(List.of(demand)));
            if (random.nextInt(4) > 0) {
                long spent = random.nextLong(demand.tokens() + 1);
                said.add(new LimitCommand.Settle(demand, new Amounts(1, spent, 0)));
                used += spent;
            } else {
                used += demand.tokens();
                still++;
            }
        }
        List<LimitCommand> heard = new ArrayList<>(said);
        said.stream().filter(command -> random.nextBoolean()).forEach(heard::add);
        Collections.shuffle(heard, random);
        TenantAccount account = new TenantAccount();
        heard.forEach(command -> account.apply(command, 1_000));

        TenantAccount.Saved saved = account.save();
        assertThat(saved.tenant().get(Kind.TOKENS_PER_DAY).taken()).isEqualTo((double) used);
        assertThat(saved.underWay()).hasSize(still);
        assertThat(saved.keys().get("k0").get(Kind.REQUESTS_PER_MINUTE).taken()).isEqualTo(10);
        assertThat(account.apply(new LimitCommand.Reserve(Demands.of("asking", ofTenant, 0)), 1_000)
                        .standings()
                        .get(Kind.CONCURRENT_REQUESTS)
                        .remaining())
                .isEqualTo(1_000 - still - 1);
    }

    @Property(tries = 300)
    void settlingGivesBackNoMoreThanWasReserved(@ForAll long seed) {
        Random random = new Random(seed);
        Limits limits = Demands.limits(Kind.TOKENS_PER_DAY, 10_000);
        TenantAccount account = new TenantAccount();
        Demand first = Demands.of("first", limits, random.nextInt(5_000));
        Demand second = Demands.of("second", limits, random.nextInt(5_000));
        account.apply(new LimitCommand.Renew(List.of(first, second)), 0);
        double before = account.save().tenant().get(Kind.TOKENS_PER_DAY).taken();
        account.apply(new LimitCommand.Settle(first, new Amounts(1, random.nextInt(100), 0)), 0);
        account.apply(new LimitCommand.Settle(first, Amounts.NOTHING), 0);
        assertThat(account.save().tenant().get(Kind.TOKENS_PER_DAY).taken())
                .isBetween(before - first.tokens(), before + 100);
    }
}
