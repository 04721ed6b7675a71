package dev.troupe.bench.wire;

import dev.troupe.bench.load.Samples;
import dev.troupe.cache.hazelcast.HazelcastAccounts;
import dev.troupe.cache.limits.RateLimits;
import dev.troupe.cache.limits.RateLimits.Demand;
import dev.troupe.cache.limits.SharedLimits;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.tenant.Limits;
import dev.troupe.cluster.tenant.Limits.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What counting a request costs: reserved, then settled, of a tenant with four limits and a key with one. About half of the accounts lie in the
 * other process where there is one, and every change goes to both.
 */
public final class LimitsCost {
    private static final int SECONDS = Integer.getInteger("seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("warm", 10);
    private static final int TENANTS = Integer.getInteger("tenants", 64);
    private static final int AT_ONCE = Integer.getInteger("atOnce", 64);

    /** More than can be asked for, so that every request is admitted. */
    private static final long PLENTY = 1_000_000_000L;

    private static final Limits OF_TENANT = new Limits(Map.of(
            Kind.REQUESTS_PER_MINUTE,
            PLENTY,
            Kind.TOKENS_PER_MINUTE,
            PLENTY,
            Kind.TOKENS_PER_DAY,
            PLENTY * 1_000,
            Kind.CONCURRENT_REQUESTS,
            PLENTY));
    private static final Limits OF_KEY = new Limits(Map.of(Kind.REQUESTS_PER_MINUTE, PLENTY));

    private static long requests;

    private LimitsCost() {}

    /** @param args none */
    public static void main(String[] args) throws IOException, InterruptedException {
        Cluster here =
                Peer.member(List.of(), Peer.clusterName(ProcessHandle.current().pid()));
        System.out.printf("%d tenants; us a request, which is reserved and settled%n", TENANTS);
        measure("alone", here, null);
        try (Peer peer = new Peer(here)) {
            measure("two members", here, peer);
        } finally {
            Peer.await(here.leave());
        }
    }

    private static void measure(String members, Cluster here, Peer peer) throws InterruptedException {
        RateLimits limits = new SharedLimits(
                new HazelcastAccounts(here.hazelcast()),
                (millis, task) -> {
                    long timer = here.vertx().setTimer(millis, fired -> task.run());
                    return () -> here.vertx().cancelTimer(timer);
                },
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                () -> 1);
        run(limits, AT_ONCE, WARM_SECONDS);
        Peer.Cost there = peer == null ? new Peer.Cost(0, 0, 0) : peer.cost();
        Peer.Cost before = Peer.costHere();
        long callerBefore = callerNanos();
        Samples many = run(limits, AT_ONCE, SECONDS);
        long caller = callerNanos() - callerBefore;
        Peer.Cost spent = Peer.costHere().minus(before);
        Peer.Cost spentThere =
                peer == null ? new Peer.Cost(0, 0, 0) : peer.cost().minus(there);
        Samples one = run(limits, 1, SECONDS);
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f a second with %d at once, processor here %.1f (of it the caller %.1f) there %.1f;"
                        + " one at a time until admitted p50 %.0f p99 %.0f%n",
                members,
                many.count() / (double) SECONDS,
                AT_ONCE,
                spent.process() / 1e3 / many.count(),
                caller / 1e3 / many.count(),
                spentThere.process() / 1e3 / many.count(),
                one.percentile(50),
                one.percentile(99));
    }

    /** @return processor time of this thread, which asks as a router's loop would */
    private static long callerNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** @return microseconds until each was admitted */
    private static Samples run(RateLimits limits, int atOnce, int seconds) throws InterruptedException {
        Semaphore room = new Semaphore(atOnce);
        double[] micros = new double[seconds * 200_000];
        int count = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end && count < micros.length) {
            room.acquire();
            int index = count++;
            Demand demand = demand();
            long begun = System.nanoTime();
            limits.reserve(demand)
                    .thenCompose(verdict -> {
                        micros[index] = (System.nanoTime() - begun) / 1e3;
                        return limits.settle(demand, 100);
                    })
                    .whenComplete((done, failure) -> room.release());
        }
        room.acquire(atOnce);
        return Samples.of(Arrays.copyOf(micros, count));
    }

    private static Demand demand() {
        long number = requests++;
        return new Demand(
                "chatcmpl-0123456789abcdef-" + number,
                "tenant-" + number % TENANTS,
                OF_TENANT,
                Optional.of("key"),
                OF_KEY,
                300,
                0);
    }
}
