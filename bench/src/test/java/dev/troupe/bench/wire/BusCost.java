package dev.troupe.bench.wire;

import dev.troupe.bench.router.Await;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What a message costs its sender and its receiver, two processes of one machine, in processor time of their event loops. */
public final class BusCost {
    private static final int SECONDS = Integer.getInteger("seconds", 5);
    private static final int WARM_SECONDS = Integer.getInteger("warm", 10);
    /** Bursts a second; between two of them caches grow cold, as between two steps. */
    private static final int EVERY_MILLIS = Integer.getInteger("every", 10);

    private BusCost() {}

    /** @param args none */
    public static void main(String[] args) throws IOException {
        Cluster here =
                Peer.member(List.of(), Peer.clusterName(ProcessHandle.current().pid()));
        try (Peer peer = new Peer(here)) {
            System.out.printf("a burst every %d ms; us a message%n", EVERY_MILLIS);
            run(here, peer, Peer.TOKENS, tokens(32), 32, WARM_SECONDS);
            for (int tokens : new int[] {1, 8, 32}) {
                for (int burst : new int[] {1, 4, 32}) {
                    Peer.Cost[] costs = run(here, peer, Peer.TOKENS, tokens(tokens), burst, SECONDS);
                    print(tokens + " tokens", burst, costs);
                }
            }
            for (int entries : new int[] {0, 256}) {
                Peer.Cost[] costs = run(here, peer, Peer.HEARTBEATS, heartbeat(entries), 10, SECONDS);
                print("heartbeat of " + entries, 10, costs);
            }
        } finally {
            Peer.await(here.leave());
        }
    }

    private static Peer.Cost[] run(Cluster here, Peer peer, String address, Object message, int burst, int seconds) {
        Peer.Cost there = peer.cost();
        Peer.Cost before = Peer.costHere();
        long timer = here.vertx().setPeriodic(EVERY_MILLIS, tick -> {
            for (int i = 0; i < burst; i++) {
                here.vertx().eventBus().send(address, message);
            }
        });
        Await.seconds(seconds);
        here.vertx().cancelTimer(timer);
        Peer.Cost after = Peer.costHere();
        return new Peer.Cost[] {after.minus(before), peer.cost().minus(there)};
    }

    private static void print(String what, int burst, Peer.Cost[] costs) {
        double each = 1000.0 * costs[1].received();
        System.out.printf(
                Locale.ROOT,
                "%16s, bursts of %2d: sender's loops %6.1f (process %6.1f), receiver's loops %6.1f (process %6.1f), %d messages%n",
                what,
                burst,
                costs[0].loops() / each,
                costs[0].process() / each,
                costs[1].loops() / each,
                costs[1].process() / each,
                costs[1].received());
    }

    private static TokenBatch tokens(int count) {
        List<TokenRun> runs = IntStream.range(0, count)
                .mapToObj(i -> new TokenRun(
                        new Attempt("chatcmpl-0123456789abcdef0123456789abcde" + i % 10, 1),
                        0,
                        200 + i,
                        TokenIds.of(4_321),
                        List.of(),
                        64,
                        Optional.empty()))
                .toList();
        return new TokenBatch("smollm2-135m-instruct-0123456789", runs);
    }

    private static Heartbeat heartbeat(int entries) {
        return new Heartbeat(
                "smollm2-135m-instruct-0123456789",
                "01234567-89ab-cdef-0123-456789abcdef",
                1,
                1,
                Heartbeat.State.READY,
                "smollm2-135m-instruct",
                "0123456789abcdef0123456789abcdef",
                8192,
                new Heartbeat.Load(32, 4, 9_000, 0.5f),
                new SplittableRandom(1).longs(entries).boxed().toList());
    }
}
