package dev.troupe.node;

import dev.troupe.batcher.BatcherConfig;
import dev.troupe.batcher.BatcherVerticle;
import dev.troupe.batcher.PrometheusSchedulerMetrics;
import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.batcher.SharingConfig;
import dev.troupe.cache.hazelcast.HazelcastAccounts;
import dev.troupe.cache.hazelcast.HazelcastConversations;
import dev.troupe.cache.hazelcast.HazelcastJournal;
import dev.troupe.cache.hazelcast.HazelcastPictureJournal;
import dev.troupe.cache.hazelcast.HazelcastPictures;
import dev.troupe.cache.hazelcast.HazelcastPrefixes;
import dev.troupe.cache.hazelcast.HazelcastServiceLedger;
import dev.troupe.cache.journal.Journal;
import dev.troupe.cache.limits.RateLimits;
import dev.troupe.cache.limits.SharedLimits;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.CutOffException;
import dev.troupe.cluster.Majority;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.models.hub.ResolvedModel;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.RouterPlace;
import dev.troupe.router.RouterVerticle;
import dev.troupe.router.picture.PictureBooks;
import dev.troupe.router.picture.PoolPictureKeeper;
import dev.troupe.store.Database;
import dev.troupe.worker.PoolPrefixes;
import dev.troupe.worker.StepEngine;
import dev.troupe.worker.WorkerVerticle;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Puts the parts of one process together, in the order in which they need each other, and takes them apart again. */
final class NodeRuntime {
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(10);

    /** Of the time that a draining process has, the part in which what runs may end where it runs. */
    private static final double ENDS_HERE = 0.5;

    /** After which a part of a prefix leaves the pool's memory, used or not. */
    private static final Duration PREFIX_LIFETIME = Duration.ofHours(1);

    private final Cluster cluster;
    private final HazelcastPrefixes prefixes;
    private final boolean shares;
    private final Promise<Void> leaving = Promise.promise();
    private final Persistence persistence;
    private final Optional<AdminKey> adminKey;
    private final Optional<RouterVerticle> router;
    private final Limits limits;
    private final CollectorRegistry metrics = new CollectorRegistry();
    private Optional<OperatorServer> operator = Optional.empty();
    private Optional<LocalModel> model = Optional.empty();
    private Optional<Future<BatcherVerticle>> batcher = Optional.empty();
    private Optional<LocalPictures> pictures = Optional.empty();

    private NodeRuntime(Cluster cluster, NodeOptions options, Persistence persistence, Optional<AdminKey> adminKey) {
        this.cluster = cluster;
        this.persistence = persistence;
        this.adminKey = adminKey;
        this.limits = options.limits();
        this.shares = options.sharedCacheMemory() > 0;
        this.prefixes = prefixes(options.sharedCacheMemory());
        this.router = options.routes()
                ? Optional.of(new RouterVerticle(
                        RouterConfig.DEFAULT
                                .withAddress(
                                        options.httpHost(), options.httpPort().orElse(NodeOptions.DEFAULT_HTTP_PORT))
                                .withMaxRequests(options.limits().requests())
                                .withAccess(options.access()),
                        new RouterPlace(
                                cluster.nodeId(),
                                journal(cluster),
                                new ClusterAdmin(cluster),
                                Optional.of(persistence.conversations(cluster)),
                                limits(cluster),
                                persistence.stores(),
                                Optional.of(pictureBooks(cluster))),
                        metrics,
                        options.pictures()))
                : Optional.empty();
    }

    private static RateLimits limits(Cluster cluster) {
        Vertx vertx = cluster.vertx();
        return new SharedLimits(
                new HazelcastAccounts(cluster.hazelcast()),
                (millis, task) -> {
                    long timer = vertx.setTimer(millis, fired -> task.run());
                    return () -> vertx.cancelTimer(timer);
                },
                () -> System.nanoTime() / 1_000_000,
                () -> (int) cluster.nodes().stream()
                        .filter(node -> node.roles().contains(Role.ROUTER.word()))
                        .count());
    }

    private static Journal journal(Cluster cluster) {
        return new HazelcastJournal(cluster.hazelcast(), blocking(cluster), System::currentTimeMillis);
    }

    private static PictureBooks pictureBooks(Cluster cluster) {
        return new PictureBooks(
                new HazelcastPictureJournal(cluster.hazelcast(), blocking(cluster)),
                new PoolPictureKeeper(
                        cluster.vertx(),
                        new HazelcastPictures(cluster.hazelcast(), blocking(cluster)),
                        System::currentTimeMillis));
    }

    private static Executor blocking(Cluster cluster) {
        return task -> cluster.vertx()
                .executeBlocking(
                        () -> {
                            task.run();
                            return null;
                        },
                        false);
    }

    /**
     * Starts everything and blocks until it can serve; only a batcher whose worker is another process is not waited for.
     *
     * @param find fetches the model; asked only when this process has a worker
     * @throws UserError when a port is taken, or the model or device is not usable
     * @throws CutOffException when it should be started again
     */
    static NodeRuntime start(NodeOptions options, Supplier<ResolvedModel> find) {
        // Before all that takes longer: what is wrong with a database, the user can put right.
        Persistence persistence = new Persistence(
                options.database().map(Database::open), options.pictures().kept());
        try {
            return start(options, find, persistence);
        } catch (RuntimeException e) {
            persistence.close();
            throw e;
        }
    }

    private static NodeRuntime start(NodeOptions options, Supplier<ResolvedModel> find, Persistence persistence) {
        // Without a database there is nothing to administer.
        Optional<AdminKey> adminKey =
                options.database().map(database -> AdminKey.of(options.data(), new SecureRandom()));
        adminKey.ifPresent(persistence::register);
        options.checkKeys(persistence::keysMade);
        Natives.unpackInto(options.data());
        // The model is fetched first: a pool has no use for a member that waits for a download.
        Optional<ResolvedModel> found = options.works() ? Optional.of(find.get()) : Optional.empty();
        Optional<CompletableFuture<LocalModel>> opening =
                found.map(resolved -> CompletableFuture.supplyAsync(() -> LocalModel.open(resolved, options)));
        Cluster cluster = Waiting.on(Cluster.start(
                options.cluster(),
                new VertxOptions(),
                Role.names(options.roles()),
                List.of(HazelcastConversations::configure, HazelcastServiceLedger::configure)));
        NodeRuntime node = new NodeRuntime(cluster, options, persistence, adminKey);
        try {
            Waiting.on(ClusterAdmin.answer(node.cluster, node.leaving::tryComplete));
            node.startHttp(options);
            node.model = opening.map(model -> Waiting.on(model));
            // First, since the router calls itself ready when it knows a replica for texts.
            if (options.makesPictures()) {
                node.pictures = Optional.of(LocalPictures.start(node.cluster, options, node.metrics));
            }
            if (options.plans() || options.works()) {
                node.startReplica(options);
            }
            Future<?> whole = node.batcher.isPresent() ? node.batcher.get() : Future.succeededFuture();
            node.operator.ifPresent(server -> whole.onSuccess(parts -> server.ready()));
            return node;
        } catch (RuntimeException e) {
            node.leave();
            throw cluster.explained(e);
        }
    }

    /** In every process: Hazelcast hands each its share of what is stored, and without memory for it each removes it again. */
    private HazelcastPrefixes prefixes(long memory) {
        PrefixMetrics traffic = new PrefixMetrics(metrics);
        HazelcastPrefixes shared = new HazelcastPrefixes(cluster.hazelcast(), memory, PREFIX_LIFETIME, traffic);
        traffic.held(shared::heldBytes);
        return shared;
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
        PoolPrefixes pool =
                shares ? new WorkerPrefixes(prefixes, local.card().fingerprint(), cluster.vertx()) : PoolPrefixes.NONE;
        Waiting.on(cluster.vertx()
                .deployVerticle(new WorkerVerticle(
                        replicaId, () -> new StepEngine(replicaId, local.load(), System::nanoTime), pool))
                .compose(deployed -> bus.answer(Addresses.card(replicaId), request -> Future.succeededFuture(card)))
                .compose(registered -> bus.answer(
                        Addresses.describe(replicaId), question -> Future.succeededFuture(local.description()))));
    }

    /** Deployed when its worker has been found, in this process or another. */
    private Future<BatcherVerticle> startBatcher(String replicaId) {
        return WorkerSearch.start(cluster.vertx(), replicaId).compose(worker -> {
            BatcherVerticle verticle = new BatcherVerticle(
                    ReplicaSpec.of(replicaId, cluster.nodeId(), worker),
                    BatcherConfig.defaults()
                            .withQueue(limits.waiting(), limits.longestWait().toMillis()),
                    shares ? SharingConfig.DEFAULT : SharingConfig.OFF,
                    new PrometheusSchedulerMetrics(metrics).of(worker.modelId()),
                    new HazelcastServiceLedger(cluster.hazelcast(), System::currentTimeMillis));
            return cluster.vertx().deployVerticle(verticle).map(deployed -> {
                cluster.majority().listen(verticle::majority);
                cluster.onNodeLeft(left -> verticle.routerGone(RouterPlace.routerId(left)));
                return verticle;
            });
        });
    }

    Optional<LocalModel> model() {
        return model;
    }

    Optional<LocalPictures> pictures() {
        return pictures;
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

    /** @return whether somebody else than the operator has a key; blocks */
    boolean keysMade() {
        return persistence.keysMade();
    }

    /** @return the operator's key, where this process has a database that knows it */
    Optional<AdminKey> adminKey() {
        return adminKey;
    }

    int clusterPort() {
        return cluster.port();
    }

    int poolSize() {
        return cluster.size();
    }

    /**
     * Admits nothing more, lets what runs end or move to others, and leaves the pool.
     *
     * @return whether everything that ran could end
     */
    boolean stop(Duration atMost) {
        Duration moveAfter = Duration.ofMillis((long) (atMost.toMillis() * ENDS_HERE));
        Future<Void> drained = Future.all(
                        router.map(verticle -> verticle.drain(moveAfter)).orElse(Future.succeededFuture()),
                        drainBatcher(moveAfter),
                        pictures.map(local -> local.drain(moveAfter)).orElse(Future.succeededFuture()))
                .mapEmpty();
        boolean ended = Waiting.on(drained, atMost);
        return leave() && ended;
    }

    /** @return completes when an operator has asked the pool that this process leaves */
    Future<Void> leaving() {
        return leaving.future();
    }

    private Future<Void> drainBatcher(Duration moveAfter) {
        return batcher.filter(Future::succeeded)
                .map(started -> started.result().drain(moveAfter))
                .orElse(Future.succeededFuture());
    }

    /** Takes everything apart at once: there is nobody left to drain for. */
    void abandon() {
        leave();
    }

    private boolean leave() {
        prefixes.close();
        boolean left = Waiting.on(cluster.leave(), LEAVE_TIMEOUT);
        persistence.close();
        return left;
    }
}
