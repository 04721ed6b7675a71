package dev.troupe.image.work;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureNews;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of a {@link StepScheduler}: messages to calls, calls to messages, passes to the model's thread, files to workers. Deploying it
 * completes when the whole pool can reach the replica; it announces itself from then on.
 */
public final class ImageWorkerVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(ImageWorkerVerticle.class);
    private static final long TICK_MILLIS = 100;
    private static final long HEARTBEAT_MILLIS = 500;
    /** Longer than any pass; only then does Vert.x complain of the model's thread. */
    private static final long PASS_MINUTES = 5;
    /** Reading and writing files is work for a processor, and the model needs most of them. */
    private static final int FILE_THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final String replicaId;
    private final String nodeId;
    private final Callable<Workshop> load;
    private final StepConfig config;
    private final Function<String, PictureMetrics> metrics;
    private final long incarnation = System.currentTimeMillis();
    private final Promise<Void> drained = Promise.promise();
    private Workshop workshop;
    private StepScheduler scheduler;
    private Bus bus;
    private WorkerExecutor modelThread;
    private WorkerExecutor fileThreads;
    private long heartbeats;
    private boolean draining;
    private boolean moving;
    private boolean gone;

    /**
     * @param nodeId the process, as the cluster names it
     * @param load carries the model over; called on the model's thread
     * @param metrics of a model, by its id
     */
    public ImageWorkerVerticle(
            String replicaId,
            String nodeId,
            Callable<Workshop> load,
            StepConfig config,
            Function<String, PictureMetrics> metrics) {
        this.replicaId = replicaId;
        this.nodeId = nodeId;
        this.load = load;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        bus = Bus.of(vertx);
        modelThread = vertx.createSharedWorkerExecutor("pictures-" + replicaId, 1, PASS_MINUTES, TimeUnit.MINUTES);
        fileThreads = vertx.createSharedWorkerExecutor(
                "picture-files-" + replicaId, FILE_THREADS, PASS_MINUTES, TimeUnit.MINUTES);
        return modelThread.executeBlocking(load).compose(loaded -> {
            workshop = loaded;
            String modelId = loaded.model().id();
            scheduler = new StepScheduler(config, modelId, loaded.studio(), metrics.apply(modelId));
            return listen();
        });
    }

    private Future<?> listen() {
        return Future.all(List.of(
                        bus.answer(Addresses.imageWorker(replicaId), request -> {
                            var admission = scheduler.generate(request, now());
                            pump();
                            return Future.succeededFuture(admission);
                        }),
                        bus.answer(
                                Addresses.pictureProbe(replicaId),
                                probe -> Future.succeededFuture(scheduler.probe(probe, now()))),
                        bus.consume(Addresses.cancelPicture(replicaId), cancel -> {
                            scheduler.cancel(cancel, now());
                            pump();
                        }),
                        bus.consume(Addresses.pictureAcks(replicaId), ack -> {
                            scheduler.ack(ack, now());
                            pump();
                        })))
                .onSuccess(ready -> {
                    vertx.setPeriodic(TICK_MILLIS, timer -> {
                        scheduler.tick(now());
                        pump();
                    });
                    vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> announce());
                    announce();
                });
    }

    /** After everything that happens: out with what the scheduler has to say, and on with the next pass. */
    private void pump() {
        scheduler.passDue(now()).ifPresent(this::run);
        scheduler.takePreparations().forEach(this::prepare);
        scheduler.takeWritings().forEach(this::write);
        scheduler
                .takeNews()
                .forEach((router, events) ->
                        bus.send(Addresses.pictureNews(router), new PictureNews(replicaId, events)));
        if (draining && scheduler.isIdle()) {
            drained.tryComplete();
        }
    }

    private void run(Pass pass) {
        modelThread.executeBlocking(() -> workshop.engine().run(pass)).onComplete(run -> {
            if (run.succeeded()) {
                scheduler.apply(run.result(), now());
            } else if (!gone) {
                log.error("A pass of {} rows failed", pass.rows(), run.cause());
                scheduler.failed(
                        pass, "The model could not go on with this picture. The server's log says why.", now());
            }
            if (!gone) {
                pump();
            }
        });
    }

    private void prepare(StepScheduler.Preparation preparation) {
        fileThreads
                .executeBlocking(
                        () -> workshop.studio().prepare(preparation.request().spec()), false)
                .onComplete(read -> {
                    if (read.failed() && !(read.cause() instanceof IllegalArgumentException)) {
                        log.error("A picture to start from could not be read", read.cause());
                    }
                    scheduler.prepared(preparation, Optional.ofNullable(read.result()), problem(read.cause()));
                    pump();
                });
    }

    private void write(StepScheduler.Writing writing) {
        fileThreads.executeBlocking(() -> file(writing), false).onComplete(written -> {
            if (written.failed()) {
                log.error("A picture could not be written", written.cause());
            }
            scheduler.written(writing, Optional.ofNullable(written.result()), problem(written.cause()), now());
            pump();
        });
    }

    private EncodedPicture file(StepScheduler.Writing writing) {
        var spec = writing.request().spec();
        PictureOutput output = writing.preview().isPresent() ? PictureOutput.PNG : spec.output();
        return workshop.studio().write(writing.picture(), spec, writing.prepared(), output);
    }

    /** What an {@link IllegalArgumentException} says is meant for whoever asked; nothing else is. */
    private static String problem(Throwable cause) {
        return cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? cause.getMessage()
                : "The server made an error with the picture's file. Its log says which.";
    }

    /**
     * Admits nothing from now on and ends what is here, or has it moved to other replicas. May be called from any thread, once deployed.
     *
     * @param moveAfter when what has not ended is asked to move
     * @return completes when nothing is left
     */
    public Future<Void> drain(Duration moveAfter) {
        context.runOnContext(nothing -> {
            if (!gone && !draining) {
                scheduler.drain();
                draining = true;
                announce();
                vertx.setTimer(Math.max(1, moveAfter.toMillis()), timer -> {
                    moving = true;
                    announce();
                });
                pump();
            }
        });
        return drained.future();
    }

    /** Whether more than half of the pool is in sight, see {@link StepScheduler#majority}. May be called from any thread, once deployed. */
    public void majority(boolean held) {
        context.runOnContext(nothing -> {
            scheduler.majority(held, now());
            pump();
        });
    }

    /** @return what is served, once deployed */
    public String modelId() {
        return workshop.model().id();
    }

    private void announce() {
        heartbeats++;
        bus.publish(
                Addresses.pictureHeartbeats(),
                new PictureHeartbeat(
                        replicaId, nodeId, incarnation, heartbeats, state(), workshop.model(), scheduler.load()));
    }

    private Heartbeat.State state() {
        if (gone) {
            return Heartbeat.State.GONE;
        }
        if (moving || scheduler.isStuck(now())) {
            return Heartbeat.State.EVACUATING;
        }
        return draining ? Heartbeat.State.DRAINING : Heartbeat.State.READY;
    }

    @Override
    public Future<?> stop() {
        gone = true;
        if (workshop == null) {
            return modelThread.close();
        }
        announce();
        return modelThread
                .executeBlocking(() -> {
                    workshop.engine().close();
                    return null;
                })
                .eventually(modelThread::close)
                .eventually(fileThreads::close);
    }

    /** A clock that never goes back. */
    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
