package dev.troupe.router;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.models.ModelCard;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Pool;
import dev.troupe.router.http.Exchanges;
import dev.troupe.router.http.HttpParts;
import dev.troupe.router.http.HttpRoutes;
import dev.troupe.router.http.IdleConnections;
import dev.troupe.router.http.Models;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.replica.ListeningTime;
import dev.troupe.router.replica.ReplicaDirectory;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * OpenAI's API over HTTP on one side, the pool's event bus on the other.
 *
 * <p>Deploy one instance. Everything but {@link #drain}, {@link #majority} and {@link #nodeLeft}, which any thread may call, happens on its event loop.
 */
public final class RouterVerticle extends VerticleBase {
    private static final long SWEEP_MILLIS = 200;
    /** A sweep that comes a little late is not worth forgiving. */
    private static final long LONGEST_PAUSE_MILLIS = 2 * SWEEP_MILLIS;
    /** Rendering and tokenizing are work for a processor, so more threads than these only wait for each other. */
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    private static final long WORKER_WARNING_SECONDS = 30;

    private final RouterConfig config;
    private final CollectorRegistry registry;
    private final Function<ModelCard, ServedModel> loader;
    private final String routerId = "router-" + UUID.randomUUID();

    private ReplicaDirectory directory;
    private ListeningTime listening;
    private ModelCards cards;
    private Generations generations;
    private Exchanges exchanges;
    private IdleConnections connections;
    private BusMetrics busMetrics;
    private HttpServer server;

    /** @param registry that the metrics go to, and that {@code /metrics} shows */
    public RouterVerticle(RouterConfig config, CollectorRegistry registry) {
        this(config, registry, ServedModel::from);
    }

    RouterVerticle(RouterConfig config, CollectorRegistry registry, Function<ModelCard, ServedModel> loader) {
        this.config = config;
        this.registry = registry;
        this.loader = loader;
    }

    /** @return completes when HTTP is open; fails with a message that names the address when it cannot be */
    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        WorkerExecutor workers =
                vertx.createSharedWorkerExecutor(routerId, WORKERS, WORKER_WARNING_SECONDS, TimeUnit.SECONDS);
        RouterMetrics metrics = new RouterMetrics(registry);
        DefaultExports.register(registry);
        busMetrics = new BusMetrics(vertx.eventBus(), registry);
        directory = new ReplicaDirectory(config.replicaSilence().toMillis());
        listening = new ListeningTime(LONGEST_PAUSE_MILLIS, now());
        cards = new ModelCards(bus, workers, loader, RouterVerticle::now);
        generations = new Generations(new Pool(bus, routerId, directory, config, RouterVerticle::now));
        exchanges = new Exchanges(metrics, RouterVerticle::now);
        metrics.openRequests(exchanges::size);
        connections = new IdleConnections(config.idleTimeout().toMillis());
        HttpParts parts = new HttpParts(
                config,
                exchanges,
                connections,
                new Models(directory, cards::find),
                generations,
                workers,
                RouterVerticle::now);
        vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep(now()));
        return bus.consume(Addresses.tokens(routerId), generations::take)
                .compose(registered -> bus.consume(Addresses.heartbeats(), this::heard))
                .compose(registered -> listen(parts))
                .onFailure(failure -> busMetrics.close());
    }

    private Future<HttpServer> listen(HttpParts parts) {
        server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(config.port())
                        // To tell it from HTTP/1, Vert.x would wait for the first bytes, and nobody would know of a
                        // connection that
                        // sends none.
                        .setHttp2ClearTextEnabled(false)
                        // Nobody speaks WebSocket here, and its handlers would look at every write.
                        .setPerFrameWebSocketCompressionSupported(false)
                        .setPerMessageWebSocketCompressionSupported(false))
                .connectionHandler(connection -> connections.opened(connection, now()))
                .requestHandler(new HttpRoutes(vertx, parts, registry).handler());
        return server.listen()
                .recover(failure -> Future.failedFuture(new IllegalStateException(
                        "cannot listen at " + config.host() + ":" + config.port() + ": " + failure.getMessage()
                                + "; choose another port or host",
                        failure)));
    }

    private void heard(Heartbeat heartbeat) {
        directory.heard(heartbeat, listening.at(now())).ifPresent(generations::replicaGone);
        cards.fetch(directory);
    }

    private void sweep(long now) {
        directory.tick(listening.at(now)).forEach(generations::replicaSilent);
        generations.sweep(now);
        exchanges.tick(now);
        connections.tick(now);
    }

    /** @param nodeId of a process that has left the cluster */
    public void nodeLeft(String nodeId) {
        context.runOnContext(ignored -> {
            directory.nodeLeft(nodeId);
            generations.nodeLeft(nodeId);
        });
    }

    /** Whether more than half of the pool is in sight; without it requests are cut and refused. Once deployed. */
    public void majority(boolean held) {
        context.runOnContext(ignored -> exchanges.majority(held));
    }

    /** New requests are answered 503. @return completes when all running ones have ended */
    public Future<Void> drain() {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(ignored -> exchanges.drain().onComplete(drained));
        return drained.future();
    }

    /** @return the port that HTTP is open at */
    public int port() {
        return server.actualPort();
    }

    /** @return generations under way, for tests; call on the event loop */
    int liveGenerations() {
        return generations.size();
    }

    @Override
    public Future<?> stop() {
        busMetrics.close();
        return server.close();
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
