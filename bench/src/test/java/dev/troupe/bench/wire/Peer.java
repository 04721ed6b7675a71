package dev.troupe.bench.wire;

import dev.troupe.bench.router.Await;
import dev.troupe.bench.router.CpuTimes;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Another Java process, a member of the same cluster, with a sink that counts what it is sent and tells what that cost. */
final class Peer implements AutoCloseable {
    static final String TOKENS = "bench.peer.tokens";
    static final String HEARTBEATS = "bench.peer.heartbeats";
    private static final String COST = "bench.peer.cost";
    private static final int PORT = 15_801;
    private static final long PATIENCE_SECONDS = 60;

    private final Cluster here;
    private final Process process;

    /** @param here that the other joins */
    Peer(Cluster here) throws IOException {
        this.here = here;
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Peer.class.getName()));
        command.add(String.valueOf(here.port()));
        command.add(clusterName(ProcessHandle.current().pid()));
        process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Await.until("the other process has joined", () -> here.size() == 2 && answers());
    }

    /** Received messages, and nanoseconds of processor time of the event loops and of the whole process. */
    record Cost(long received, long loops, long process) {
        Cost minus(Cost before) {
            return new Cost(received - before.received, loops - before.loops, process - before.process);
        }
    }

    static Cluster member(List<String> join, String name) {
        Cluster member =
                await(Cluster.start(new ClusterOptions("127.0.0.1", PORT, true, join, name), new VertxOptions()));
        JournalCost.configure(member.hazelcast());
        return member;
    }

    static String clusterName(long pid) {
        return "bench-" + pid;
    }

    static Cost costHere() {
        CpuTimes times = CpuTimes.now();
        return new Cost(0, times.loops(), times.process());
    }

    Cost cost() {
        String[] parts =
                await(here.vertx().eventBus().<String>request(COST, "")).body().split(" ", -1);
        return new Cost(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    private boolean answers() {
        try {
            return cost().process() > 0;
        } catch (IllegalStateException notYet) {
            return false;
        }
    }

    /** @param args port to join, name of the cluster */
    public static void main(String[] args) throws IOException {
        Cluster cluster = member(List.of("127.0.0.1:" + args[0]), args[1]);
        long[] received = new long[1];
        var bus = cluster.vertx().eventBus();
        cluster.vertx().runOnContext(start -> {
            bus.consumer(TOKENS, message -> received[0]++);
            bus.consumer(HEARTBEATS, message -> received[0]++);
            bus.consumer(COST, message -> {
                Cost cost = costHere();
                message.reply(received[0] + " " + cost.loops() + " " + cost.process());
            });
        });
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
