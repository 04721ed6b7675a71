package dev.troupe.router.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.RateLimits.Standing;
import dev.troupe.cache.limits.RateLimits.Verdict;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentRefusalsTest {
    private final AtomicLong now = new AtomicLong(1_000_000);
    private final RecentRefusals refusals = new RecentRefusals(now::get);

    @Test
    void whatIsLeftToWaitGetsLessWithTime() {
        refusals.remember(demand("a", 60), refused(Kind.REQUESTS_PER_MINUTE, 900));
        now.addAndGet(300);

        Verdict recalled = refusals.recall(demand("a", 60)).orElseThrow();

        assertThat(recalled.refused()).contains(Kind.REQUESTS_PER_MINUTE);
        assertThat(recalled.retryAfterMillis()).isEqualTo(600);
        assertThat(recalled.standings().get(Kind.REQUESTS_PER_MINUTE)).isEqualTo(new Standing(60, 0, 59_700));
    }

    @Test
    void thePoolIsAskedAgainWhenARequestHasComeBack() {
        refusals.remember(demand("a", 60), refused(Kind.REQUESTS_PER_MINUTE, 900));
        now.addAndGet(900);

        assertThat(refusals.recall(demand("a", 60))).isEmpty();
    }

    @Test
    void thePoolIsAskedAgainAfterASecond() {
        refusals.remember(demand("a", 1), refused(Kind.REQUESTS_PER_MINUTE, 60_000));
        now.addAndGet(999);
        assertThat(refusals.recall(demand("a", 1))).isPresent();
        now.addAndGet(1);
        assertThat(refusals.recall(demand("a", 1))).isEmpty();
    }

    @Test
    void noOtherTenantKeyOrLimitIsMeant() {
        refusals.remember(demand("a", 60), refused(Kind.REQUESTS_PER_MINUTE, 900));

        assertThat(refusals.recall(demand("b", 60))).isEmpty();
        assertThat(refusals.recall(demand("a", 61))).isEmpty();
        assertThat(refusals.recall(new Demand("x", "a", limits(60), Optional.of("key"), Limits.NONE, 0, 0)))
                .isEmpty();
    }

    /** A smaller request, or the end of another one, may change it at any time. */
    @Test
    void whatOtherLimitsRefuseIsNotRemembered() {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.REQUESTS_PER_MINUTE) {
                refusals.remember(demand("a", 60), refused(kind, 900));
            }
        }
        refusals.remember(demand("a", 60), new Verdict(Optional.empty(), 0, Map.of()));

        assertThat(refusals.recall(demand("a", 60))).isEmpty();
    }

    private static Demand demand(String tenant, long requestsPerMinute) {
        return new Demand("x", tenant, limits(requestsPerMinute), Optional.empty(), Limits.NONE, 0, 0);
    }

    private static Limits limits(long requestsPerMinute) {
        return new Limits(Map.of(Kind.REQUESTS_PER_MINUTE, requestsPerMinute));
    }

    private static Verdict refused(Kind kind, long retryAfterMillis) {
        return new Verdict(Optional.of(kind), retryAfterMillis, Map.of(kind, new Standing(60, 0, 60_000)));
    }
}
