package dev.troupe.cache.limits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** One router of four, with a pool that does what the test says. */
class SharedLimitsTest {
    private static final Limits REQUESTS = Demands.limits(Kind.REQUESTS_PER_MINUTE, 8);
    private static final int ROUTERS = 4;

    private final VirtualTime time = new VirtualTime();
    private final FakeHome home = new FakeHome();
    private final SharedLimits limits = new SharedLimits(home, time, time::now, () -> ROUTERS);

    /** One tenant's account that answers after a while, or not at all. */
    private final class FakeHome implements AccountHome {
        private final TenantAccount account = new TenantAccount();
        private long delayMillis = 1;
        private boolean fails;
        private boolean throwsAtOnce;
        private int asked;

        @Override
        public CompletionStage<Verdict> apply(String tenant, LimitCommand command) {
            asked++;
            if (throwsAtOnce) {
                throw new IllegalStateException("not a member any more");
            }
            CompletableFuture<Verdict> answer = new CompletableFuture<>();
            boolean lost = fails;
            time.after(delayMillis, () -> {
                if (lost) {
                    answer.completeExceptionally(new IllegalStateException("no answer"));
                } else {
                    answer.complete(account.apply(command, time.now()));
                }
            });
            return answer;
        }

        double taken(Kind kind) {
            return account.save().tenant().getOrDefault(kind, Bucket.WHOLE).taken();
        }
    }

    private Verdict reserve(Demand demand) {
        CompletionStage<Verdict> verdict = limits.reserve(demand);
        time.pass(SharedLimits.PATIENCE_MILLIS);
        assertThat(verdict.toCompletableFuture())
                .as("nobody waits longer than that")
                .isDone();
        return verdict.toCompletableFuture().join();
    }

    /** @return how many of so many are admitted */
    private int admitted(String name, Limits of, int tries) {
        int admitted = 0;
        for (int i = 0; i < tries; i++) {
            admitted += reserve(Demands.of(name + i, of, 0)).admitted() ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void aPoolThatAnswersDecides() {
        assertThat(admitted("r", REQUESTS, 20)).isEqualTo(8);
        Verdict refused = reserve(Demands.of("more", REQUESTS, 0));
        assertThat(refused.refused()).contains(Kind.REQUESTS_PER_MINUTE);
        assertThat(refused.standings()).containsKey(Kind.REQUESTS_PER_MINUTE);
    }

    @Test
    void whoHasNoLimitsNeverAsksThePool() {
        Demand free = Demands.of("a", Demands.limits(Kind.STORAGE_BYTES, 1), 1_000);
        assertThat(limits.reserve(free).toCompletableFuture()).isCompletedWithValue(Verdict.FREE);
        limits.renew(List.of(free));
        assertThat(limits.settle(free, 10).toCompletableFuture()).isDone();
        assertThat(home.asked).isZero();
    }

    @Test
    void whileThePoolIsSilentTheShareDecides() {
        home.delayMillis = 10_000;
        assertThat(admitted("r", REQUESTS, 20)).isEqualTo(8 / ROUTERS);
        Verdict refused = reserve(Demands.of("more", REQUESTS, 0));
        assertThat(refused.retryAfterMillis()).isBetween(1L, 1_000L);
        assertThat(refused.standings()).isEmpty();
    }

    @Test
    void whatThePoolLetThroughIsOffTheShare() {
        assertThat(admitted("before", REQUESTS, 2)).isEqualTo(2);
        home.delayMillis = 10_000;
        assertThat(admitted("during", REQUESTS, 5)).isZero();
    }

    @Test
    void whatTheShareLetThroughIsChargedOnceThePoolIsBack() {
        home.delayMillis = 200;
        assertThat(admitted("r", REQUESTS, 20)).isEqualTo(2);
        time.pass(1_000);
        assertThat(home.taken(Kind.REQUESTS_PER_MINUTE))
                .as("not what the pool admitted and the share refused")
                .isBetween(1.5, 2.0);
    }

    @Test
    void whatTheShareLetThroughIsChargedThoughThePoolWouldHaveRefused() {
        for (int i = 0; i < 8; i++) {
            home.account.apply(new LimitCommand.Reserve(Demands.of("elsewhere" + i, REQUESTS, 0)), time.now());
        }
        home.delayMillis = 200;
        assertThat(admitted("here", REQUESTS, 20)).isEqualTo(2);
        time.pass(1_000);
        assertThat(home.taken(Kind.REQUESTS_PER_MINUTE)).isGreaterThan(9.5);
    }

    @Test
    void aPoolThatFailsIsNotWaitedForAndHearsOfEverythingLater() {
        Limits tokens = Demands.limits(Kind.TOKENS_PER_DAY, 8_000).with(Kind.CONCURRENT_REQUESTS, 8);
        home.fails = true;
        Demand ended = Demands.of("ended", tokens, 700);
        Demand goesOn = Demands.of("goes on", tokens, 600);
        assertThat(reserve(ended).admitted()).isTrue();
        assertThat(reserve(goesOn).admitted()).isTrue();
        limits.settle(ended, 100);
        time.pass(10);
        limits.renew(List.of(goesOn));
        time.pass(10);
        assertThat(home.taken(Kind.TOKENS_PER_DAY)).isZero();

        home.fails = false;
        limits.renew(List.of(goesOn));
        limits.renew(List.of(goesOn));
        time.pass(10);
        assertThat(home.taken(Kind.TOKENS_PER_DAY)).isBetween(699.0, 700.0);
        assertThat(home.account.save().underWay())
                .extracting(request -> request.demand().requestId())
                .containsExactly("goes on");

        int asked = home.asked;
        limits.renew(List.of());
        time.pass(10);
        assertThat(home.asked).as("nothing is left to be told").isEqualTo(asked);
    }

    @Test
    void whatNoPoolHeardForTwoMinutesIsNotToldAnyMore() {
        Demand demand = Demands.of("a", Demands.limits(Kind.TOKENS_PER_DAY, 800), 100);
        home.fails = true;
        reserve(demand);
        limits.settle(demand, 100);
        time.pass(120_000);
        home.fails = false;
        limits.renew(List.of());
        time.pass(10);
        assertThat(home.taken(Kind.TOKENS_PER_DAY)).isZero();
    }

    @Test
    void aPoolThatCannotEvenBeAskedIsAsOneThatFails() {
        home.throwsAtOnce = true;
        CompletionStage<Verdict> verdict = limits.reserve(Demands.of("a", REQUESTS, 0));
        assertThat(verdict.toCompletableFuture()).as("at once").isDone();
        assertThat(verdict.toCompletableFuture().join().admitted()).isTrue();
        assertThat(limits.settle(Demands.of("a", REQUESTS, 0), 0).toCompletableFuture())
                .isCompleted();
    }

    @Test
    void aRequestLargerThanTheShareMayTakeItWholeButNoneLargerThanTheLimit() {
        home.delayMillis = 10_000;
        Limits tokens = Demands.limits(Kind.TOKENS_PER_MINUTE, 1_000);
        assertThat(reserve(Demands.of("large", tokens, 900)).admitted()).isTrue();
        assertThat(reserve(Demands.of("next", tokens, 900)).isWorthAnotherTry()).isTrue();
        Verdict never = reserve(Demands.of("too large", tokens, 1_001));
        assertThat(never.admitted()).isFalse();
        assertThat(never.isWorthAnotherTry()).isFalse();
    }

    @Test
    void fewRequestsAMinuteAreNotNoneWithManyRouters() {
        home.delayMillis = 10_000;
        assertThat(admitted("r", Demands.limits(Kind.REQUESTS_PER_MINUTE, 1), 3))
                .isEqualTo(1);
        assertThat(admitted("s", Demands.limits(Kind.REQUESTS_PER_MINUTE, 0), 3))
                .isZero();
    }

    @Test
    void placesOfTheShareAreFreeWhenTheirRequestsAreOver() {
        Limits places = Demands.limits(Kind.CONCURRENT_REQUESTS, 8);
        home.delayMillis = 10_000;
        assertThat(admitted("r", places, 5)).isEqualTo(2);
        limits.settle(Demands.of("r0", places, 0), 0);
        assertThat(admitted("s", places, 5)).isEqualTo(1);
    }

    @Test
    void aKeysLimitsAreSharedAsItsTenants() {
        home.delayMillis = 10_000;
        int admitted = 0;
        for (int i = 0; i < 10; i++) {
            Demand demand = new Demand("r" + i, "t", Limits.NONE, Optional.of("k"), REQUESTS, 0, 0);
            admitted += reserve(demand).admitted() ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(2);
    }
}
