package dev.troupe.bench.router;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.BatcherVerticle;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.SchedulerMetrics;
import dev.troupe.batcher.SharingConfig;
import dev.troupe.cache.service.ServiceLedger;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.models.ModelCard;
import dev.troupe.models.tokenizer.TextParts;
import dev.troupe.models.weights.Architecture;
import dev.troupe.models.weights.TinyModel;
import dev.troupe.models.weights.TinyTokenizer;
import dev.troupe.router.Places;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.RouterVerticle;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryContext;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A router, a batcher and a {@link CountingWorker}: in one member of a cluster, or the router in another, where messages travel as bytes. */
final class BenchPool implements AutoCloseable {
    private static final String REPLICA = "bench";
    private static final int CONTEXT = 8192;
    private static final int SLABS = 128;
    private static final int PORT = 15_701;

    private final List<Cluster> members = new ArrayList<>();
    private final Map<String, Long> loops = new ConcurrentHashMap<>();
    private final RouterVerticle router;
    private final CountingWorker worker;
    private volatile long batcherStall;

    BenchPool(boolean apart, long stepMillis, RouterConfig routerConfig, BatcherConfig batcherConfig) {
        ModelCard card = card();
        Cluster near = member(List.of());
        Cluster far = apart ? member(List.of("127.0.0.1:" + near.port())) : near;
        router = new RouterVerticle(routerConfig.withAddress("127.0.0.1", 0), Places.of(near), new CollectorRegistry());
        await(near.vertx().deployVerticle(router));
        ReplicaDescription description =
                new ReplicaDescription(card.id(), card.fingerprint(), CONTEXT, TinyTokenizer.SIZE, SLABS, CONTEXT, 0);
        worker = new CountingWorker(REPLICA, card, description, stepMillis);
        await(far.vertx().deployVerticle(worker));
        ReplicaSpec replica = ReplicaSpec.of(REPLICA, far.nodeId(), description);
        await(far.vertx()
                .deployVerticle(new BatcherVerticle(
                        replica, batcherConfig, SharingConfig.OFF, SchedulerMetrics.NONE, ServiceLedger.ALONE)));
        untilReady();
    }

    private Cluster member(List<String> join) {
        ClusterOptions options = new ClusterOptions(
                "127.0.0.1",
                PORT,
                true,
                join,
                "bench-" + ProcessHandle.current().pid());
        Cluster member = await(Cluster.start(options, new VertxOptions()));
        members.add(member);
        member.vertx().eventBus().addInboundInterceptor(this::noteLoop);
        return member;
    }

    /** Consumers are called on the event loop of their verticle, and their addresses say whose it is. */
    private void noteLoop(DeliveryContext<Object> delivery) {
        String address = delivery.message().address();
        if (address.endsWith(".tokens")) {
            loops.putIfAbsent("router", Thread.currentThread().getId());
        } else if (address.endsWith("batcher." + REPLICA)) {
            loops.putIfAbsent("batcher", Thread.currentThread().getId());
            stall();
        } else if (address.endsWith("worker." + REPLICA)) {
            loops.putIfAbsent("worker", Thread.currentThread().getId());
        }
        delivery.next();
    }

    private void stall() {
        long millis = batcherStall;
        batcherStall = 0;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** The batcher's event loop, and whatever else is on it, stands still with the next request, once. For any thread. */
    void stallBatcher(long millis) {
        batcherStall = millis;
    }

    private static ModelCard card() {
        try {
            Path file = Files.createTempFile("tiny", ".gguf");
            try {
                TinyModel.of(Architecture.LLAMA).write(file);
                return TextParts.read(file).card("tiny", "fingerprint", CONTEXT, TinyTokenizer.SIZE, Instant.EPOCH);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return router.port();
    }

    /** @return tokens that the worker has sent */
    long tokens() {
        return worker.tokens();
    }

    void pace(long stepMillis) {
        worker.pace(stepMillis);
    }

    void pauseWorker(boolean whether) {
        worker.pause(whether);
    }

    /** @return the thread of each verticle that has had a message */
    Map<String, Long> loops() {
        return Map.copyOf(loops);
    }

    void untilReady() {
        Await.until("ready", () -> {
            try {
                URI uri = URI.create("http://127.0.0.1:" + router.port() + "/health/ready");
                HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
                return connection.getResponseCode() == 200;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        members.forEach(member -> await(member.leave()));
    }
}
