package dev.troupe.cache.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantAccountTest {
    private static final Limits TOKENS = Demands.limits(Kind.TOKENS_PER_MINUTE, 600);
    private static final Limits REQUESTS = Demands.limits(Kind.REQUESTS_PER_MINUTE, 2);
    private static final Limits PLACES = Demands.limits(Kind.CONCURRENT_REQUESTS, 2);

    private final TenantAccount account = new TenantAccount();
    private long now = 1_700_000_000_000L;

    private Verdict reserve(Demand demand) {
        return account.apply(new LimitCommand.Reserve(demand), now);
    }

    private void renew(Demand... underWay) {
        account.apply(new LimitCommand.Renew(List.of(underWay)), now);
    }

    private void settle(Demand demand, long tokens) {
        account.apply(new LimitCommand.Settle(demand, new Amounts(1, tokens, demand.images())), now);
    }

    private long remaining(Kind kind, Limits limits) {
        // Larger than what there is: refused, and so nothing is reserved by asking.
        Demand asking =
                new Demand("asking", "t", limits.with(Kind.IMAGES_PER_MINUTE, 0), Optional.empty(), Limits.NONE, 0, 1);
        return reserve(asking).standings().get(kind).remaining();
    }

    @Test
    void whatIsReservedIsMissingAndComesBackWithTime() {
        Verdict first = reserve(Demands.of("a", TOKENS, 500));
        assertThat(first.admitted()).isTrue();
        assertThat(first.standings()).containsOnly(Map.entry(Kind.TOKENS_PER_MINUTE, new Standing(600, 100, 50_000)));

        Verdict second = reserve(Demands.of("b", TOKENS, 200));
        assertThat(second.refused()).contains(Kind.TOKENS_PER_MINUTE);
        assertThat(second.retryAfterMillis()).isEqualTo(10_000);
        assertThat(second.standings().get(Kind.TOKENS_PER_MINUTE).remaining()).isEqualTo(100);

        now += second.retryAfterMillis() - 1;
        assertThat(reserve(Demands.of("b", TOKENS, 200)).admitted()).isFalse();
        now += 1;
        assertThat(reserve(Demands.of("b", TOKENS, 200)).admitted()).isTrue();
    }

    @Test
    void moreThanTheLimitIsRefusedForEver() {
        Verdict verdict = reserve(Demands.of("a", TOKENS, 601));
        assertThat(verdict.refused()).contains(Kind.TOKENS_PER_MINUTE);
        assertThat(verdict.isWorthAnotherTry()).isFalse();
        assertThat(reserve(Demands.of("b", TOKENS, 600)).admitted()).isTrue();

        Limits nobody = Demands.limits(Kind.CONCURRENT_REQUESTS, 0);
        assertThat(reserve(Demands.of("c", nobody, 0)).isWorthAnotherTry()).isFalse();
        assertThat(reserve(Demands.images("d", Demands.limits(Kind.IMAGES_PER_MINUTE, 4), 5))
                        .isWorthAnotherTry())
                .isFalse();
    }

    @Test
    void aRequestThatWantsNothingOfAKindIsNotRefusedForIt() {
        Limits noImages = Demands.limits(Kind.IMAGES_PER_MINUTE, 0);
        assertThat(reserve(Demands.of("a", noImages, 100)).admitted()).isTrue();
    }

    @Test
    void settlingGivesBackWhatWasReservedTooMuchOnce() {
        Demand demand = Demands.of("a", TOKENS, 500);
        reserve(demand);
        settle(demand, 200);
        settle(demand, 0);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, TOKENS)).isEqualTo(400);
    }

    @Test
    void settlingMoreThanWasReservedIsADebt() {
        Demand demand = Demands.of("a", TOKENS, 500);
        reserve(demand);
        settle(demand, 900);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, TOKENS)).isZero();

        now += 30_000;
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, TOKENS)).isZero();
        now += 10_000;
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, TOKENS)).isEqualTo(100);
    }

    @Test
    void settlingLateGivesNoMoreThanTheWhole() {
        Demand demand = Demands.of("a", TOKENS, 500);
        reserve(demand);
        now += 60_000;
        settle(demand, 100);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, TOKENS)).isEqualTo(600);
    }

    @Test
    void repeatedReservationsAreOne() {
        Demand demand = Demands.of("a", TOKENS.with(Kind.CONCURRENT_REQUESTS, 2), 500);
        assertThat(reserve(demand).admitted()).isTrue();
        Verdict again = reserve(demand);
        assertThat(again.admitted()).isTrue();
        assertThat(again.standings().get(Kind.TOKENS_PER_MINUTE).remaining()).isEqualTo(100);
        assertThat(again.standings().get(Kind.CONCURRENT_REQUESTS).remaining()).isEqualTo(1);
    }

    @Test
    void allKindsOfTenantAndKeyAreReservedOrNone() {
        Demand demand = Demands.ofKey("a", TOKENS.with(Kind.REQUESTS_PER_MINUTE, 9), "k", REQUESTS, 100);
        reserve(demand);
        reserve(Demands.ofKey("b", demand.ofTenant(), "k", REQUESTS, 100));
        Verdict third = reserve(Demands.ofKey("c", demand.ofTenant(), "k", REQUESTS, 100));

        assertThat(third.refused()).contains(Kind.REQUESTS_PER_MINUTE);
        assertThat(third.retryAfterMillis()).isEqualTo(30_000);
        assertThat(third.standings().get(Kind.TOKENS_PER_MINUTE).remaining()).isEqualTo(400);
        assertThat(third.standings().get(Kind.REQUESTS_PER_MINUTE))
                .as("the key's, which is narrower")
                .isEqualTo(new Standing(2, 0, 60_000));
        assertThat(reserve(Demands.ofKey("d", demand.ofTenant(), "other", REQUESTS, 100))
                        .standings()
                        .get(Kind.REQUESTS_PER_MINUTE))
                .as("another key's")
                .isEqualTo(new Standing(2, 1, 30_000));
    }

    @Test
    void theKindThatTakesLongestIsTold() {
        Limits limits = TOKENS.with(Kind.REQUESTS_PER_MINUTE, 60);
        for (int i = 0; i < 60; i++) {
            reserve(Demands.of("r" + i, limits, 10));
        }
        Verdict verdict = reserve(Demands.of("a", limits, 100));
        assertThat(verdict.refused()).contains(Kind.TOKENS_PER_MINUTE);
        assertThat(verdict.retryAfterMillis()).isEqualTo(10_000);
    }

    @Test
    void placesAreFreeWhenTheirRequestsAreOver() {
        Demand first = Demands.of("a", PLACES, 0);
        reserve(first);
        reserve(Demands.of("b", PLACES, 0));
        Verdict full = reserve(Demands.of("c", PLACES, 0));
        assertThat(full.refused()).contains(Kind.CONCURRENT_REQUESTS);
        assertThat(full.isWorthAnotherTry()).isTrue();

        settle(first, 0);
        settle(first, 0);
        assertThat(reserve(Demands.of("c", PLACES, 0)).admitted()).isTrue();
        assertThat(reserve(Demands.of("d", PLACES, 0)).admitted()).isFalse();
    }

    @Test
    void aRequestThatNobodyRenewsIsAsIfItHadNeverBeen() {
        Limits limits = Demands.limits(Kind.TOKENS_PER_DAY, 86_400).with(Kind.CONCURRENT_REQUESTS, 2);
        Demand dead = Demands.of("dead", limits, 40_000);
        Demand alive = Demands.of("alive", limits, 40_000);
        reserve(dead);
        reserve(alive);
        now += 60_000;
        renew(alive);
        now += 30_000;
        assertThat(remaining(Kind.CONCURRENT_REQUESTS, limits)).isEqualTo(1);
        assertThat(remaining(Kind.TOKENS_PER_DAY, limits))
                .as("the dead one's, and what has come back in 90 seconds")
                .isEqualTo(86_400 - 40_000 + 90);
    }

    @Test
    void aRequestThatWasGivenUpAndIsRenewedTakesItsOwnAgain() {
        Limits limits = Demands.limits(Kind.TOKENS_PER_DAY, 1_000).with(Kind.CONCURRENT_REQUESTS, 1);
        Demand paused = Demands.of("paused", limits, 900);
        reserve(paused);
        now += TenantAccount.LEASE_MILLIS;
        Demand other = Demands.of("other", limits, 900);
        assertThat(reserve(other).admitted()).isTrue();

        renew(paused);
        assertThat(reserve(Demands.of("third", limits, 0)).admitted()).isFalse();
        settle(paused, 100);
        settle(other, 100);
        assertThat(remaining(Kind.CONCURRENT_REQUESTS, limits)).isEqualTo(1);
        assertThat(remaining(Kind.TOKENS_PER_DAY, limits)).isBetween(800L, 802L);
    }

    @Test
    void anEndThatIsHeardFirstCountsAndTheBeginningAfterItDoesNot() {
        Limits limits = TOKENS.with(Kind.CONCURRENT_REQUESTS, 2);
        Demand demand = Demands.of("a", limits, 500);
        settle(demand, 200);
        reserve(demand);
        renew(demand);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, limits)).isEqualTo(400);
        assertThat(remaining(Kind.CONCURRENT_REQUESTS, limits)).isEqualTo(2);
    }

    @Test
    void whatWasWithdrawnIsNotCounted() {
        Demand demand = Demands.of("a", REQUESTS, 0);
        account.apply(new LimitCommand.Settle(demand, Amounts.NOTHING), now);
        reserve(demand);
        assertThat(remaining(Kind.REQUESTS_PER_MINUTE, REQUESTS)).isEqualTo(2);
    }

    @Test
    void aClockThatGoesBackNeitherGivesNorFreezes() {
        Limits limits = TOKENS.with(Kind.CONCURRENT_REQUESTS, 2);
        reserve(Demands.of("a", limits, 600));
        now -= 3_600_000;
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, limits)).isZero();
        now += 10_000;
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, limits)).isEqualTo(100);
        now += TenantAccount.LEASE_MILLIS - 10_001;
        assertThat(remaining(Kind.CONCURRENT_REQUESTS, limits)).isEqualTo(1);
        now += 1;
        assertThat(remaining(Kind.CONCURRENT_REQUESTS, limits)).isEqualTo(2);
    }

    @Test
    void aClockThatStepsBackAndForthMakesNoTime() {
        reserve(Demands.of("a", TOKENS, 600));
        for (int i = 0; i < 1_000; i++) {
            now += 20;
            renew();
            now -= 15;
            renew();
        }
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, TOKENS))
                .as("of five seconds")
                .isEqualTo(50);
    }

    @Test
    void aClockThatLeapsGivesNoMoreThanTheWhole() {
        Demand demand = Demands.of("a", TOKENS, 600);
        reserve(demand);
        now += 3_600_000;
        assertThat(reserve(Demands.of("b", TOKENS, 600)).admitted()).isTrue();
        assertThat(reserve(Demands.of("c", TOKENS, 1)).admitted()).isFalse();
    }

    @Test
    void aLimitThatChangesHoldsAtOnceForWhatIsMissing() {
        reserve(Demands.of("a", TOKENS, 500));
        Limits more = Demands.limits(Kind.TOKENS_PER_MINUTE, 1_000);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, more)).isEqualTo(500);
        Limits less = Demands.limits(Kind.TOKENS_PER_MINUTE, 100);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, less)).isZero();
    }

    @Test
    void settlingGivesNothingOfALimitThatCameAfterTheReservation() {
        Demand without = Demands.of("a", PLACES, 500);
        reserve(without);
        Limits both = PLACES.with(Kind.TOKENS_PER_MINUTE, 600);
        reserve(Demands.of("b", both, 600));
        settle(Demands.of("a", both, 500), 0);
        assertThat(remaining(Kind.TOKENS_PER_MINUTE, both)).isZero();
    }

    @Test
    void keysThatNobodyHasUsedForADayAreForgottenWhenAnotherComes() {
        for (int day = 0; day < 5; day++) {
            Demand demand = Demands.ofKey("r" + day, TOKENS, "key" + day, REQUESTS, 1);
            reserve(demand);
            settle(demand, 1);
            now += Rate.DAY_MILLIS;
        }
        assertThat(account.save().keys()).containsOnlyKeys("key4");
    }

    @Test
    void anAccountIsIdleWhenNobodyWouldMissIt() {
        Demand demand = Demands.of("a", TOKENS, 500);
        assertThat(account.isIdleAt(now)).isTrue();
        reserve(demand);
        assertThat(account.isIdleAt(now)).isFalse();
        settle(demand, 500);
        assertThat(account.isIdleAt(now + Rate.DAY_MILLIS - 1)).isFalse();
        assertThat(account.isIdleAt(now + Rate.DAY_MILLIS)).isTrue();
    }
}
