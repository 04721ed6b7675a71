package dev.troupe.router;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.RouterLeaving;
import dev.troupe.cluster.message.StopStream;
import dev.troupe.models.ModelCard;
import dev.troupe.router.conversation.ConversationAccess;
import dev.troupe.router.generate.Generations;
import dev.troupe.router.generate.Pool;
import dev.troupe.router.http.Adoption;
import dev.troupe.router.http.Exchanges;
import dev.troupe.router.http.FormReader;
import dev.troupe.router.http.HttpParts;
import dev.troupe.router.http.HttpRoutes;
import dev.troupe.router.http.IdleConnections;
import dev.troupe.router.http.Models;
import dev.troupe.router.http.PictureParts;
import dev.troupe.router.http.PoolAdmin;
import dev.troupe.router.http.StreamBook;
import dev.troupe.router.picture.NoPictures;
import dev.troupe.router.picture.PictureBooks;
import dev.troupe.router.picture.PictureConfig;
import dev.troupe.router.picture.PictureJobs;
import dev.troupe.router.picture.PictureKeeper;
import dev.troupe.router.picture.PictureLibrary;
import dev.troupe.router.picture.PicturePool;
import dev.troupe.router.picture.PictureUrls;
import dev.troupe.router.picture.Pictures;
import dev.troupe.router.picture.StoredPictures;
import dev.troupe.router.picture.Talks;
import dev.troupe.router.picture.TurnRefiner;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.replica.ListeningTime;
import dev.troupe.router.replica.ReplicaDirectory;
import dev.troupe.router.replica.ReplicaKey;
import dev.troupe.router.tenant.Gate;
import dev.troupe.router.tenant.KeyRing;
import dev.troupe.router.tenant.Metering;
import dev.troupe.router.tenant.Records;
import dev.troupe.router.tenant.RequestLogWriter;
import dev.troupe.router.tenant.TenantDirectory;
import dev.troupe.router.tls.TlsReload;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.hotspot.DefaultExports;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenAI's API over HTTP on one side, the pool's event bus on the other.
 *
 * <p>Deploy one instance. Everything but {@link #drain}, {@link #majority} and {@link #nodeLeft}, which any thread may call, happens on its event loop.
 */
public final class RouterVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(RouterVerticle.class);
    private static final long SWEEP_MILLIS = 200;
    /** A sweep that comes a little late is not worth forgiving. */
    private static final long LONGEST_PAUSE_MILLIS = 2 * SWEEP_MILLIS;
    /** Rendering and tokenizing are work for a processor, so more threads than these only wait for each other. */
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);

    private static final long WORKER_WARNING_SECONDS = 30;
    /** Between two looks for requests whose router is gone, and who nobody saw go. */
    private static final long ORPHANS_MILLIS = 5_000;

    private static final long PRUNE_MILLIS = 30_000;
    /** Between two looks at the files of the certificate. */
    private static final long CERTIFICATE_MILLIS = 2_000;

    private static final String URL_SECRET = "picture-urls";

    private final RouterConfig config;
    private final RouterPlace place;
    private final CollectorRegistry registry;
    private final Function<ModelCard, ServedModel> loader;
    private final PictureConfig pictureConfig;
    private final Optional<Function<PictureLibrary, Pictures>> makers;

    private ReplicaDirectory directory;
    private ListeningTime listening;
    private ModelCards cards;
    private Pool pool;
    private Generations generations;
    private Adoption adoption;
    private Optional<PictureJobs> pictures = Optional.empty();
    private Exchanges exchanges;
    private IdleConnections connections;
    private BusMetrics busMetrics;
    private HttpServer server;
    private Supplier<Future<Void>> lastWords = Future::succeededFuture;

    /** @param registry that the metrics go to, and that {@code /metrics} shows */
    public RouterVerticle(RouterConfig config, RouterPlace place, CollectorRegistry registry) {
        this(config, place, registry, PictureConfig.DEFAULT);
    }

    /** @param pictures how they are served, where there is a database to keep them in */
    public RouterVerticle(RouterConfig config, RouterPlace place, CollectorRegistry registry, PictureConfig pictures) {
        this(config, place, registry, ServedModel::from, pictures, Optional.empty());
    }

    RouterVerticle(
            RouterConfig config,
            RouterPlace place,
            CollectorRegistry registry,
            Function<ModelCard, ServedModel> loader) {
        this(config, place, registry, loader, PictureConfig.DEFAULT, Optional.empty());
    }

    /** @param makers who has pictures made and puts them into the library, where it is not the pool, for tests */
    RouterVerticle(
            RouterConfig config,
            RouterPlace place,
            CollectorRegistry registry,
            Function<ModelCard, ServedModel> loader,
            PictureConfig pictureConfig,
            Optional<Function<PictureLibrary, Pictures>> makers) {
        this.config = config;
        this.place = place;
        this.registry = registry;
        this.loader = loader;
        this.pictureConfig = pictureConfig;
        this.makers = makers;
    }

    /** @return completes when HTTP is open; fails with a message that names the address when it cannot be */
    @Override
    public Future<?> start() {
        Bus bus = Bus.of(vertx);
        WorkerExecutor workers =
                vertx.createSharedWorkerExecutor(place.routerId(), WORKERS, WORKER_WARNING_SECONDS, TimeUnit.SECONDS);
        return place.stores()
                .map(stores -> workers.executeBlocking(
                        () -> Optional.of(
                                new PictureUrls(stores.secrets().secret(URL_SECRET), pictureConfig.urlLife())),
                        false))
                .orElse(Future.succeededFuture(Optional.empty()))
                .compose(urls -> start(bus, workers, urls));
    }

    private Future<?> start(Bus bus, WorkerExecutor workers, Optional<PictureUrls> urls) {
        RouterMetrics metrics = new RouterMetrics(registry);
        DefaultExports.register(registry);
        busMetrics = new BusMetrics(vertx.eventBus(), registry);
        directory = new ReplicaDirectory(config.replicaSilence().toMillis());
        listening = new ListeningTime(LONGEST_PAUSE_MILLIS, now());
        cards = new ModelCards(bus, workers, loader, RouterVerticle::now);
        pool = new Pool(bus, place.routerId(), directory, place.journal(), timers(), config, RouterVerticle::now);
        generations = new Generations(pool);
        StreamBook book = new StreamBook(place.journal(), place.routerId(), pool.timers());
        Optional<RequestLogWriter> requestLog =
                place.stores().map(stores -> new RequestLogWriter(stores.requests(), workers));
        Metering metering = new Metering(
                place.limits(),
                place.stores().map(stores -> new Metering.Books(stores.writer(), requestLog.orElseThrow())),
                pool.timers(),
                RouterVerticle::now);
        exchanges = new Exchanges(metrics, book, metering, RouterVerticle::now);
        Optional<TenantDirectory> tenants =
                place.stores().map(stores -> new TenantDirectory(stores.tenancy(), workers));
        Supplier<KeyRing> ring = () -> tenants.map(TenantDirectory::ring).orElse(KeyRing.EMPTY);
        metrics.openRequests(exchanges::size);
        connections = new IdleConnections(config.idleTimeout().toMillis());
        Optional<PictureLibrary> library = place.stores()
                .map(stores -> new StoredPictures(
                        stores.pictures(),
                        workers,
                        (tenant, key) -> ring.get().of(tenant, key),
                        System::currentTimeMillis));
        pictures = place.pictures().map(books -> jobs(bus, books, library));
        Optional<ConversationAccess> conversations =
                place.conversations().map(kept -> new ConversationAccess(vertx, kept));
        HttpParts parts = new HttpParts(
                config,
                exchanges,
                connections,
                new Models(directory, cards::find, () -> pictures.map(PictureJobs::models)
                        .orElse(List.of())),
                generations,
                book,
                place.admin(),
                workers,
                RouterVerticle::now,
                conversations,
                new Gate(config.access(), ring, RouterVerticle::now, () -> System.currentTimeMillis() / 1000),
                ring,
                place.stores()
                        .map(stores ->
                                new Records(tenants.orElseThrow(), stores.usage(), stores.requests(), stores.audit())),
                urls.map(signed -> new PictureParts(
                        pictureConfig,
                        makers.map(maker -> maker.apply(library.orElseThrow()))
                                .or(() -> pictures)
                                .orElseGet(NoPictures::new),
                        library.orElseThrow(),
                        signed,
                        new Talks(library.orElseThrow(), conversations, TurnRefiner.BY_RULES),
                        metering,
                        metrics)));
        adoption = new Adoption(parts, config.failoverTimeout().toMillis());
        adoptOrphans();
        vertx.setPeriodic(PRUNE_MILLIS, timer -> place.journal().prune());
        vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep(now()));
        tenants.ifPresent(known -> vertx.setPeriodic(TenantDirectory.LOOK_MILLIS, timer -> known.look()));
        requestLog.ifPresent(writer -> vertx.setPeriodic(RequestLogWriter.FLUSH_MILLIS, timer -> writer.flush()));
        lastWords = () -> requestLog.map(RequestLogWriter::flush).orElse(Future.succeededFuture());
        return tenants.map(TenantDirectory::load)
                .orElse(Future.succeededFuture())
                .compose(known -> open(bus, parts));
    }

    /** @param library where the pictures are kept; empty: in the pool's memory */
    private PictureJobs jobs(Bus bus, PictureBooks books, Optional<PictureLibrary> library) {
        return new PictureJobs(new PicturePool(
                bus,
                place.routerId(),
                books.journal(),
                library.<PictureKeeper>map(kept -> kept).orElse(books.keeper()),
                pool.timers(),
                PicturePool.PictureTimes.DEFAULT,
                RouterVerticle::now));
    }

    private Future<?> open(Bus bus, HttpParts parts) {
        return bus.consume(Addresses.tokens(place.routerId()), generations::take)
                .compose(registered -> bus.consume(Addresses.stop(place.routerId()), this::stopStream))
                .compose(registered -> bus.consume(Addresses.routersLeaving(), this::routerLeaving))
                .compose(registered -> bus.consume(Addresses.heartbeats(), this::heard))
                .compose(registered -> pictures.map(jobs -> open(bus, jobs)).orElse(Future.succeededFuture()))
                .compose(registered -> listen(parts))
                .onFailure(failure -> busMetrics.close());
    }

    private Future<Void> open(Bus bus, PictureJobs jobs) {
        return bus.consume(Addresses.pictureNews(place.routerId()), jobs::hear)
                .compose(registered -> bus.answer(
                        Addresses.picturePlace(place.routerId()),
                        question -> Future.succeededFuture(jobs.place(question))))
                .compose(registered -> bus.consume(
                        Addresses.pictureHeartbeats(), heartbeat -> jobs.heard(heartbeat, listening.at(now()))));
    }

    private Future<HttpServer> listen(HttpParts parts) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                // To tell it from HTTP/1, Vert.x would wait for the first bytes, and nobody would know of a connection
                // that sends none. With TLS, the handshake says which.
                .setHttp2ClearTextEnabled(false)
                .setMaxFormAttributeSize(FormReader.MOST_TEXT_BYTES)
                .setMaxFormFields(FormReader.MOST_TEXTS)
                // Nobody speaks WebSocket here, and its handlers would look at every write.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false);
        if (config.access().tls().isEmpty()) {
            return listen(parts, options);
        }
        return TlsReload.start(vertx, config.access().tls().get()).compose(tls -> {
            tls.configure(options);
            return listen(parts, options)
                    .onSuccess(open -> vertx.setPeriodic(CERTIFICATE_MILLIS, timer -> tls.look(open)));
        });
    }

    private Future<HttpServer> listen(HttpParts parts, HttpServerOptions options) {
        server = vertx.createHttpServer(options)
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
        generations.replicaIs(new ReplicaKey(heartbeat.replicaId(), heartbeat.incarnation()), heartbeat.state());
        cards.fetch(directory);
    }

    private void sweep(long now) {
        directory.tick(listening.at(now)).forEach(generations::replicaSilent);
        generations.sweep(now);
        pictures.ifPresent(jobs -> jobs.sweep(listening.at(now)));
        adoption.tick();
        exchanges.tick(now);
        connections.tick(now);
    }

    private void moveToOthers() {
        if (place.admin().nodes().stream()
                .anyMatch(node -> !node.self() && node.roles().contains("router"))) {
            exchanges.move();
            pictures.ifPresent(PictureJobs::move);
            Bus.of(vertx).publish(Addresses.routersLeaving(), new RouterLeaving(place.routerId()));
        }
    }

    private void routerLeaving(RouterLeaving leaving) {
        if (!leaving.routerId().equals(place.routerId())) {
            adopt(leaving.routerId(), false);
        }
    }

    private void stopStream(StopStream stop) {
        exchanges.stop(stop.streamId(), StreamBook.cancelled(stop.streamId()));
        pictures.ifPresent(jobs -> jobs.stop(stop.streamId()));
    }

    private Pool.Timers timers() {
        return new Pool.Timers() {
            @Override
            public void after(long millis, Runnable task) {
                vertx.setTimer(millis, timer -> task.run());
            }

            @Override
            public void run(Runnable task) {
                if (Vertx.currentContext() == context) {
                    task.run();
                } else {
                    context.runOnContext(ignored -> task.run());
                }
            }
        };
    }

    /** @param nodeId of a process that has left the cluster */
    public void nodeLeft(String nodeId) {
        context.runOnContext(ignored -> {
            boolean hadReplica = !directory.nodeLeft(nodeId).isEmpty();
            generations.nodeLeft(nodeId);
            pictures.ifPresent(jobs -> jobs.nodeLeft(nodeId));
            adopt(RouterPlace.routerId(nodeId), hadReplica);
        });
    }

    private void adopt(String deadRouter, boolean replicaDied) {
        if (exchanges.isDraining() || exchanges.isCutOff()) {
            return;
        }
        pictures.ifPresent(jobs -> jobs.adopt(deadRouter));
        place.journal().takeOver(deadRouter, place.routerId()).whenComplete((streams, failure) -> pool.timers()
                .run(() -> {
                    if (failure == null) {
                        adoption.take(streams, replicaDied);
                    } else {
                        // The look for orphans comes by again.
                        log.warn("Could not take over from {}: {}", deadRouter, failure.getMessage());
                    }
                }));
    }

    /**
     * Who is in the journal first and not among the living then is dead: a process never comes back under its old id. Looks again some time
     * after it has found out, however long that takes: looks that wait for a journal that hesitates must not take all threads.
     */
    private void adoptOrphans() {
        if (exchanges.isCutOff()) {
            return;
        }
        owners().whenComplete((owners, failure) -> {
            pool.timers().run(() -> vertx.setTimer(ORPHANS_MILLIS, timer -> adoptOrphans()));
            if (failure != null) {
                log.warn("Could not look for orphans: {}", failure.getMessage());
                return;
            }
            Set<String> living =
                    place.admin().nodes().stream().map(PoolAdmin.Node::id).collect(Collectors.toSet());
            owners.stream()
                    .filter(owner -> !living.contains(RouterPlace.nodeId(owner)))
                    .forEach(owner -> pool.timers().run(() -> adopt(owner, false)));
        });
    }

    private CompletionStage<Set<String>> owners() {
        CompletionStage<Set<String>> ofTexts = place.journal().owners();
        return place.pictures()
                .map(books -> ofTexts.thenCombine(
                        books.journal().owners(), (some, more) -> Stream.concat(some.stream(), more.stream())
                                .collect(Collectors.toSet())))
                .orElse(ofTexts);
    }

    /** Whether more than half of the pool is in sight; without it requests are cut and refused. Once deployed. */
    public void majority(boolean held) {
        context.runOnContext(ignored -> {
            exchanges.majority(held);
            pictures.ifPresent(jobs -> jobs.majority(held));
        });
    }

    /**
     * New requests are answered 503.
     *
     * @param moveAfter when what other routers can go on with is left to them
     * @return completes when nothing is left
     */
    public Future<Void> drain(Duration moveAfter) {
        Promise<Void> drained = Promise.promise();
        context.runOnContext(ignored -> {
            exchanges
                    .drain()
                    .compose(ended -> pictures.map(PictureJobs::drain).orElse(Future.succeededFuture()))
                    .onComplete(drained);
            vertx.setTimer(Math.max(1, moveAfter.toMillis()), timer -> moveToOthers());
        });
        return drained.future();
    }

    /** @return the port that HTTP is open at */
    public int port() {
        return server.actualPort();
    }

    /** Does something on its event loop, for tests. */
    void run(Runnable work) {
        context.runOnContext(ignored -> work.run());
    }

    /** Gives the pool's pictures to a task on this router's event loop, where any are made. Any thread may call it, once deployed. */
    public void withPictures(Consumer<Pictures> task) {
        context.runOnContext(ignored -> pictures.ifPresent(task));
    }

    /** @return generations under way, for tests; call on the event loop */
    int liveGenerations() {
        return generations.size();
    }

    @Override
    public Future<?> stop() {
        busMetrics.close();
        return server.close().compose(closed -> lastWords.get());
    }

    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
