package dev.troupe.node;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.BatcherVerticle;
import dev.troupe.batcher.PrometheusSchedulerMetrics;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.Majority;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.models.hub.ResolvedModel;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.RouterVerticle;
import dev.troupe.worker.StepEngine;
import dev.troupe.worker.WorkerVerticle;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Puts the parts of one process together, in the order in which they need each other, and takes them apart again. */
final class NodeRuntime {
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final Optional<RouterVerticle> router;
    private final Limits limits;
    private final CollectorRegistry metrics = new CollectorRegistry();
    private Optional<OperatorServer> operator = Optional.empty();
    private Optional<LocalModel> model = Optional.empty();
    private Optional<Future<BatcherVerticle>> batcher = Optional.empty();

    private NodeRuntime(Cluster cluster, NodeOptions options) {
        this.cluster = cluster;
        this.limits = options.limits();
        this.router = options.routes()
                ? Optional.of(new RouterVerticle(
                        RouterConfig.DEFAULT
                                .withAddress(
                                        options.httpHost(), options.httpPort().orElse(NodeOptions.DEFAULT_HTTP_PORT))
                                .withMaxRequests(options.limits().requests()),
                        metrics))
                : Optional.empty();
    }

    /**
     * Starts everything and blocks until it can serve; only a batcher whose worker is another process is not waited for.
     *
     * @param find fetches the model; asked only when this process has a worker
     * @throws UserError when a port is taken, or the model or device is not usable
     */
    static NodeRuntime start(NodeOptions options, Supplier<ResolvedModel> find) {
        Natives.unpackInto(options.data());
        // The model is fetched first: a pool has no use for a member that waits for a download.
        Optional<ResolvedModel> found = options.works() ? Optional.of(find.get()) : Optional.empty();
        Optional<CompletableFuture<LocalModel>> opening =
                found.map(resolved -> CompletableFuture.supplyAsync(() -> LocalModel.open(resolved, options)));
        NodeRuntime node = new NodeRuntime(Waiting.on(Cluster.start(options.cluster(), new VertxOptions())), options);
        try {
            node.startHttp(options);
            node.model = opening.map(model -> Waiting.on(model));
            if (options.plans() || options.works()) {
                node.startReplica(options);
            }
            Future<?> whole = node.batcher.isPresent() ? node.batcher.get() : Future.succeededFuture();
            node.operator.ifPresent(server -> whole.onSuccess(parts -> server.ready()));
            return node;
        } catch (RuntimeException e) {
            node.leave();
            throw e;
        }
    }

    private void startHttp(NodeOptions options) {
        router.ifPresent(verticle -> {
            cluster.onNodeLeft(verticle::nodeLeft);
            Waiting.on(cluster.vertx().deployVerticle(verticle));
            cluster.majority().listen(verticle::majority);
        });
        if (router.isEmpty() && options.httpPort().isPresent()) {
            operator = Optional.of(Waiting.on(OperatorServer.listen(
                    cluster.vertx(), options.httpHost(), options.httpPort().get(), metrics)));
        }
    }

    private void startReplica(NodeOptions options) {
        String replicaId =
                options.replica().orElseGet(() -> model.orElseThrow().card().id() + "-" + UUID.randomUUID());
        model.ifPresent(local -> startWorker(replicaId, local));
        if (options.plans()) {
            Future<BatcherVerticle> starting = startBatcher(replicaId);
            batcher = Optional.of(starting);
            if (options.works()) {
                Waiting.on(starting);
            }
        }
    }

    /** The worker, what tells routers of the model, and last what tells the batcher that all is there. */
    private void startWorker(String replicaId, LocalModel local) {
        ModelCardReply card = new ModelCardReply(local.card().encode());
        Bus bus = Bus.of(cluster.vertx());
        Waiting.on(cluster.vertx()
                .deployVerticle(
                        new WorkerVerticle(replicaId, () -> new StepEngine(replicaId, local.load(), System::nanoTime)))
                .compose(deployed -> bus.answer(Addresses.card(replicaId), request -> Future.succeededFuture(card)))
                .compose(registered -> bus.answer(
                        Addresses.describe(replicaId), question -> Future.succeededFuture(local.description()))));
    }

    /** Deployed when its worker has been found, in this process or another. */
    private Future<BatcherVerticle> startBatcher(String replicaId) {
        return WorkerSearch.start(cluster.vertx(), replicaId).compose(worker -> {
            BatcherVerticle verticle = new BatcherVerticle(
                    ReplicaSpec.of(replicaId, cluster.nodeId(), worker),
                    BatcherConfig.defaults().withMaxWaiting(limits.waiting()),
                    new PrometheusSchedulerMetrics(metrics).of(worker.modelId()));
            return cluster.vertx().deployVerticle(verticle).map(deployed -> {
                cluster.majority().listen(verticle::majority);
                return verticle;
            });
        });
    }

    Optional<LocalModel> model() {
        return model;
    }

    /** @return completes when a batcher of this process has its worker; never without a batcher */
    Future<Void> planning() {
        return batcher.map(Future::<Void>mapEmpty)
                .orElseGet(() -> Promise.<Void>promise().future());
    }

    /** @return completes when this process cannot be what it was told to be any more, with one line that says why */
    Future<String> lost() {
        return batcher.map(starting -> starting.compose(BatcherVerticle::ended)
                        .otherwise(failure -> "the batcher could not start: " + failure.getMessage()))
                .orElseGet(() -> Promise.<String>promise().future());
    }

    /** @return completes when the pool went on without this process, which must be {@link #abandon}ed and started anew */
    Future<Void> cutOff() {
        return cluster.cutOff();
    }

    Majority majority() {
        return cluster.majority();
    }

    /** @return the port of health and metrics, when this process has no router and was given one */
    Optional<Integer> operatorPort() {
        return operator.map(OperatorServer::port);
    }

    /** @return the port of OpenAI's API, when this process answers it */
    Optional<Integer> httpPort() {
        return router.map(RouterVerticle::port);
    }

    int clusterPort() {
        return cluster.port();
    }

    int poolSize() {
        return cluster.size();
    }

    /**
     * Admits nothing more, waits for what runs, and leaves the pool. The router goes first: until its requests have ended it needs the batcher.
     *
     * @return whether everything that ran could end
     */
    boolean stop(Duration atMost) {
        Future<Void> drained = router.map(RouterVerticle::drain)
                .orElse(Future.succeededFuture())
                .compose(nothing -> drainBatcher());
        boolean ended = Waiting.on(drained, atMost);
        return leave() && ended;
    }

    private Future<Void> drainBatcher() {
        return batcher.filter(Future::succeeded)
                .map(started -> started.result().drain())
                .orElse(Future.succeededFuture());
    }

    /** Takes everything apart at once: there is nobody left to drain for. */
    void abandon() {
        leave();
    }

    private boolean leave() {
        return Waiting.on(cluster.leave(), LEAVE_TIMEOUT);
    }
}
