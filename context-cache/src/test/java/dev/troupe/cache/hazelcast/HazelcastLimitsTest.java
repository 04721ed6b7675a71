package dev.troupe.cache.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Member;
import dev.troupe.cache.limits.Demands;
import dev.troupe.cache.limits.RateLimits;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.SharedLimits;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.Maps;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Four routers, each a member of a real cluster, in time that the test makes; what Hazelcast needs is real. */
class HazelcastLimitsTest {
    private static final Logger log = LoggerFactory.getLogger(HazelcastLimitsTest.class);
    private static final int ROUTERS = 4;
    private static final long STEP_MILLIS = 500;
    private static final long MINUTE = 60_000;
    /** The pool is waited for as long as it takes, so that a slow machine changes nothing. */
    private static final SharedLimits.Timer PATIENTLY = (millis, task) -> () -> {};

    private static final Percentage TWO_PERCENT = Percentage.withPercentage(2);

    private static final AtomicLong CLOCK = new AtomicLong(1_700_000_000_000L);
    private static final List<Cluster> MEMBERS = new ArrayList<>();

    /** Over all tests, since an account remembers. */
    private static int requests;

    private final List<Router> routers = new ArrayList<>();
    private final Random random = new Random(7);

    private record Router(Cluster member, RateLimits limits, List<Demand> underWay) {}

    @BeforeAll
    static void join() {
        MEMBERS.addAll(members("limits"));
    }

    @AfterAll
    static void leave() {
        MEMBERS.forEach(member -> await(member.leave().toCompletionStage()));
    }

    @AfterEach
    void leaveOwn() {
        routers.stream()
                .map(Router::member)
                .filter(member -> !MEMBERS.contains(member))
                .forEach(member -> await(member.leave().toCompletionStage()));
    }

    private static List<Cluster> members(String name) {
        LongSupplier clock = CLOCK::get;
        List<Cluster> members = new ArrayList<>();
        for (int i = 0; i < ROUTERS; i++) {
            List<String> join = members.stream()
                    .map(member -> "127.0.0.1:" + member.port())
                    .limit(1)
                    .toList();
            String cluster = name + "-" + ProcessHandle.current().pid();
            Cluster member = await(
                    Cluster.start(new ClusterOptions("127.0.0.1", 16_741, true, join, cluster), new VertxOptions())
                            .toCompletionStage());
            member.hazelcast().getUserContext().put(AccountUpdate.CLOCK, clock);
            members.add(member);
        }
        return members;
    }

    private void startRouters(List<Cluster> members, SharedLimits.Timer timer) {
        for (Cluster member : members) {
            HazelcastAccounts home = new HazelcastAccounts(member.hazelcast());
            RateLimits limits = new SharedLimits(home, timer, CLOCK::get, routers::size);
            routers.add(new Router(member, limits, new ArrayList<>()));
        }
    }

    private static Runnable really(long millis, Runnable task) {
        CompletableFuture<Void> due =
                CompletableFuture.runAsync(task, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
        return () -> due.cancel(false);
    }

    @Test
    void requestsAMinuteAreThePoolsUnderBurstsAtFourRouters() {
        startRouters(MEMBERS, PATIENTLY);
        Limits limits = Demands.limits(Kind.REQUESTS_PER_MINUTE, 300);
        long admitted = 0;
        for (long end = CLOCK.get() + 3 * MINUTE; CLOCK.get() < end; pass()) {
            admitted += burst(limits, 3, 0);
            endAll();
        }
        isAsMuchAs(admitted, 300 + 3 * 300);
    }

    @Test
    void tokensAMinuteAreWhatWasUsedThoughMoreWasReserved() {
        startRouters(MEMBERS, PATIENTLY);
        isAsMuchAs(useTokens(3 * MINUTE), 60_000 + 3 * 60_000);
    }

    @Test
    void noMoreRequestsAtOnceThanThePlacesAndNoPlaceIsIdle() {
        startRouters(MEMBERS, PATIENTLY);
        Limits limits = Demands.limits(Kind.CONCURRENT_REQUESTS, 20);
        for (int step = 0; step < 100; step++, pass()) {
            burst(limits, 8, 0);
            assertThat(underWay()).isEqualTo(20);
            endSome();
        }
    }

    /** The one with the account dies in the middle of bursts, with its own requests; its copy goes on, and meanwhile the shares decide. */
    @Test
    void tokensAMinuteStayWithinTwoPercentWhenTheMemberThatCountsThemDies() {
        startRouters(members("limits-counter-dies"), HazelcastLimitsTest::really);
        long used = useTokens(2 * MINUTE);
        CompletableFuture<Void> dying = kill(theOneThatCounts("t"));
        used += useTokens(2 * MINUTE);
        await(dying);
        assertThat(routers).hasSize(ROUTERS - 1);
        isAsMuchAs(used, 60_000 + 4 * 60_000);
    }

    @Test
    void placesOfADeadRoutersRequestsComeFreeAndNoOthers() {
        startRouters(members("limits-router-dies"), PATIENTLY);
        Limits limits = Demands.limits(Kind.CONCURRENT_REQUESTS, 20);
        assertThat(burst(limits, 3, 0)).isEqualTo(12);
        await(kill(routers.get(0)));
        burst(limits, 8, 0);
        assertThat(underWay()).as("of the others").isEqualTo(20 - 3);

        for (int step = 0; step < 180; step++, pass()) {
            routers.forEach(router -> router.limits.renew(router.underWay));
        }
        burst(limits, 8, 0);
        assertThat(underWay()).isEqualTo(20);
    }

    @Test
    void anAccountHasACopyOnAnotherMember() {
        startRouters(MEMBERS, PATIENTLY);
        burst(Demands.limits(Kind.REQUESTS_PER_MINUTE, 300), 1, 0);
        endAll();
        long copies = MEMBERS.stream()
                .mapToLong(member -> member.hazelcast()
                        .getMap(Maps.LIMITS)
                        .getLocalMapStats()
                        .getBackupEntryCount())
                .sum();
        assertThat(copies).isEqualTo(1);
    }

    private static void isAsMuchAs(long had, long allowed) {
        log.info("{} of {}: {}%", had, allowed, 100.0 * had / allowed);
        assertThat(had).isCloseTo(allowed, TWO_PERCENT);
    }

    /** @return used, by requests that ask for as many as they may, and use a part */
    private long useTokens(long millis) {
        Limits limits = Demands.limits(Kind.TOKENS_PER_MINUTE, 60_000);
        long used = 0;
        for (long end = CLOCK.get() + millis; CLOCK.get() < end; pass()) {
            burst(limits, 6, 50 + random.nextInt(250));
            used += endSome();
            routers.forEach(router -> router.limits.renew(router.underWay));
        }
        return used + endAll();
    }

    /**
     * Every router is asked as many times, all at once.
     *
     * @return how many were admitted
     */
    private long burst(Limits limits, int each, long tokens) {
        List<CompletionStage<Boolean>> asked = new ArrayList<>();
        for (Router router : routers) {
            for (int i = 0; i < each; i++) {
                Demand demand = Demands.of("r" + requests++, limits, tokens);
                asked.add(router.limits.reserve(demand).thenApply(verdict -> {
                    synchronized (router.underWay) {
                        return verdict.admitted() && router.underWay.add(demand);
                    }
                }));
            }
        }
        return asked.stream().filter(HazelcastLimitsTest::await).count();
    }

    private int underWay() {
        return routers.stream().mapToInt(router -> router.underWay.size()).sum();
    }

    private long endSome() {
        return end(demand -> random.nextBoolean());
    }

    private long endAll() {
        return end(demand -> true);
    }

    /** @return tokens that they have used, which are a part of what they reserved */
    private long end(Predicate<Demand> which) {
        long used = 0;
        List<CompletionStage<Void>> told = new ArrayList<>();
        for (Router router : routers) {
            List<Demand> ending = router.underWay.stream().filter(which).toList();
            router.underWay.removeAll(ending);
            for (Demand demand : ending) {
                long ofThis = random.nextLong(demand.tokens() + 1);
                told.add(router.limits.settle(demand, ofThis));
                used += ofThis;
            }
        }
        told.forEach(HazelcastLimitsTest::await);
        return used;
    }

    private void pass() {
        CLOCK.addAndGet(STEP_MILLIS);
    }

    private Router theOneThatCounts(String tenant) {
        Member owner = routers.get(0)
                .member
                .hazelcast()
                .getPartitionService()
                .getPartition(tenant)
                .getOwner();
        return routers.stream()
                .filter(router ->
                        router.member.hazelcast().getCluster().getLocalMember().equals(owner))
                .findFirst()
                .orElseThrow();
    }

    /** @return completes when the member is gone, which nobody need wait for */
    private CompletableFuture<Void> kill(Router router) {
        routers.remove(router);
        return CompletableFuture.runAsync(
                        () -> router.member.hazelcast().getLifecycleService().terminate())
                .thenCompose(dead -> router.member.leave().toCompletionStage());
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }
}
