package dev.troupe.router;

import dev.troupe.cache.conversation.Conversations;
import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.Maps;
import dev.troupe.cluster.message.Heartbeat.State;
import dev.troupe.router.picture.NoPictures;
import dev.troupe.router.picture.PictureConfig;
import dev.troupe.router.picture.PictureLibrary;
import dev.troupe.router.picture.Pictures;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.tenant.Stores;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A router in one member of a cluster, fake replicas in another: every message travels as bytes. */
final class RouterFixture implements AutoCloseable {
    static final String MODEL = "tiny";
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(3);
    static final Duration STALL = Duration.ofSeconds(8);

    final Cluster near;
    final Cluster far;
    final RouterVerticle router;
    final CollectorRegistry registry = new CollectorRegistry();
    /** As another member sees them. */
    final Conversations conversations;

    final FakeReplica replica;
    final FakeReplica second;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile boolean firstBeats = true;
    private volatile boolean secondBeats;

    RouterFixture(int clusterPort) throws Exception {
        this(clusterPort, Access.LOOPBACK);
    }

    RouterFixture(int clusterPort, Access access) throws Exception {
        this(clusterPort, access, Optional.empty());
    }

    /** @param stores absent: no database */
    RouterFixture(int clusterPort, Access access, Optional<Stores> stores) throws Exception {
        this(clusterPort, access, stores, PictureConfig.DEFAULT, library -> new NoPictures());
    }

    RouterFixture(
            int clusterPort,
            Access access,
            Optional<Stores> stores,
            PictureConfig pictures,
            Function<PictureLibrary, Pictures> makers)
            throws Exception {
        near = start(clusterPort, List.of());
        far = start(clusterPort + 20, List.of("127.0.0.1:" + near.port()));
        conversations = HazelcastConversations.inMemory(far.hazelcast());
        replica = new FakeReplica(far, "one-" + clusterPort, TinyModel.card(MODEL, "fingerprint-1"));
        second = new FakeReplica(far, "two-" + clusterPort, TinyModel.card(MODEL, "fingerprint-1"));
        await(replica.start());
        await(second.start());
        RouterConfig config = new RouterConfig(
                "127.0.0.1",
                0,
                1 << 20,
                Duration.ofSeconds(2),
                64,
                Duration.ofMillis(300),
                STALL,
                Duration.ofSeconds(1),
                Duration.ofMillis(1500),
                Duration.ofMillis(600),
                IDLE_TIMEOUT,
                Duration.ofSeconds(4),
                access);
        router = new RouterVerticle(
                config, Places.of(near, stores), registry, ServedModel::from, pictures, Optional.of(makers));
        await(near.vertx().deployVerticle(router));
        far.vertx().setPeriodic(1, 200, timer -> {
            if (firstBeats) {
                replica.beat(State.READY);
            }
            if (secondBeats) {
                second.beat(State.READY, 1_000_000);
            }
        });
    }

    private static Cluster start(int port, List<String> join) {
        return await(Cluster.start(
                options(port, join), new VertxOptions(), Set.of(), List.of(HazelcastConversations::configure)));
    }

    void beats(boolean first, boolean other) {
        firstBeats = first;
        secondBeats = other;
    }

    void ready() {
        until("ready", () -> get("/health/ready").statusCode() == 200);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + router.port() + path);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    HttpResponse<String> chat(String fields) {
        return post(
                "/v1/chat/completions",
                "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + fields + "}");
    }

    HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(request + " failed", e);
        }
    }

    /** Does something on the router's event loop. */
    void onRouter(Runnable work) {
        router.run(work);
    }

    int liveGenerations() {
        return await(near.vertx().executeBlocking(router::liveGenerations, true));
    }

    /** As when all processes have died that had it. */
    void loseJournal() {
        near.hazelcast().getMap(Maps.JOURNAL).clear();
    }

    boolean hasJournal() {
        return !near.hazelcast().getMap(Maps.JOURNAL).isEmpty();
    }

    static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within 20 s: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static ClusterOptions options(int port, List<String> join) {
        return new ClusterOptions(
                "127.0.0.1",
                port,
                true,
                join,
                "router-test-" + ProcessHandle.current().pid());
    }

    @Override
    public void close() {
        await(near.leave());
        await(far.leave());
    }
}
