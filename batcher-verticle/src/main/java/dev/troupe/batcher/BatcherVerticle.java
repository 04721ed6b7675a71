package dev.troupe.batcher;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.RequestAddress;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.ReplicaQuestion;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of a {@link Scheduler}: messages to calls, calls to messages, everything on one event loop. Deploying it completes when the
 * whole pool can reach the replica; it announces itself from then on.
 */
public final class BatcherVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(BatcherVerticle.class);
    private static final long TICK_MILLIS = 50;
    private static final long HEARTBEAT_MILLIS = 500;
    private static final int DIGEST_ENTRIES = 256;

    private final ReplicaSpec replica;
    private final BatcherConfig config;
    private final SchedulerMetrics metrics;
    private final long incarnation = System.currentTimeMillis();
    private final Promise<Void> drained = Promise.promise();
    private final Promise<String> ended = Promise.promise();
    private Scheduler scheduler;
    private Bus bus;
    private Heartbeat.State state = Heartbeat.State.READY;
    private long heartbeats;
    private long lastUnanswered;

    public BatcherVerticle(ReplicaSpec replica, BatcherConfig config, SchedulerMetrics metrics) {
        this.replica = replica;
        this.config = config;
        this.metrics = metrics;
    }

    @Override
    public Future<?> start() {
        bus = Bus.of(vertx);
        scheduler = new Scheduler(replica, config, incarnation, metrics);
        String id = replica.replicaId();
        return Future.all(List.of(
                        bus.answer(
                                Addresses.batcher(id),
                                request -> Future.<Admission>succeededFuture(
                                        then(() -> scheduler.generate(request, now())))),
                        bus.answer(Addresses.probe(id), probe -> Future.succeededFuture(scheduler.probe(probe, now()))),
                        bus.consume(Addresses.cancel(id), cancel -> {
                            scheduler.cancel(cancel, now());
                            pump();
                        }),
                        bus.consume(Addresses.acks(id), acks -> {
                            scheduler.acks(acks, now());
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

    /**
     * Admits nothing from now on and ends what is here. May be called from any thread.
     *
     * @return completes when nothing is left
     */
    public Future<Void> drain() {
        context.runOnContext(nothing -> {
            if (state != Heartbeat.State.GONE) {
                scheduler.drain();
                become(Heartbeat.State.DRAINING);
                pump();
            }
        });
        return drained.future();
    }

    /** Whether more than half of the pool is in sight, see {@link Scheduler#majority}. May be called from any thread, once deployed. */
    public void majority(boolean held) {
        context.runOnContext(nothing -> {
            scheduler.majority(held, now());
            pump();
        });
    }

    /**
     * Whether the batcher had to give up: its worker came back as one that its plans are not made for.
     *
     * @return completes when the replica has announced that it is gone, with one line that says why; never, if all is well
     */
    public Future<String> ended() {
        return ended.future();
    }

    @Override
    public Future<?> stop() {
        become(Heartbeat.State.GONE);
        return Future.succeededFuture();
    }

    private void become(Heartbeat.State next) {
        state = next;
        announce();
    }

    private <T> T then(Supplier<T> call) {
        T result = call.get();
        pump();
        return result;
    }

    /** After everything that happens: out with what the scheduler has to say, and on with the next step. */
    private void pump() {
        for (Outgoing outgoing : scheduler.takeOutbox()) {
            bus.send(Addresses.tokens(outgoing.routerId()), outgoing.batch());
        }
        scheduler.planDue(now()).ifPresent(this::run);
        if (state == Heartbeat.State.DRAINING && scheduler.isIdle()) {
            drained.tryComplete();
        }
    }

    private void run(StepPlan plan) {
        // A worker that has lost its memory runs nothing but a plan with reset: so none escapes the question.
        Future<?> mayRun = plan.reset() ? checkWorker() : Future.succeededFuture();
        mayRun.compose(checked -> request(Addresses.worker(replica.replicaId()), plan))
                .onSuccess(this::apply)
                .onFailure(failure -> {
                    if (plan.number() != lastUnanswered) {
                        // Once, and not ten times a second until a worker is there.
                        log.warn("Plan {} was not answered: {}", plan.number(), failure.getMessage());
                        lastUnanswered = plan.number();
                    }
                    scheduler.unanswered(plan, now());
                });
    }

    private Future<ReplicaDescription> checkWorker() {
        ReplicaDescription known = replica.worker();
        return request(Addresses.describe(replica.replicaId()), new ReplicaQuestion(replica.replicaId()))
                .compose(found -> {
                    if (known.isServedBy(found)) {
                        return Future.succeededFuture(found);
                    }
                    String message = "the worker of replica " + replica.replicaId() + " is not what it was: " + known
                            + " became " + found + "; give it the --model and --kv-memory of before";
                    giveUp(message);
                    return Future.failedFuture(message);
                });
    }

    private void giveUp(String why) {
        vertx.undeploy(context.deploymentID()).onComplete(gone -> {
            drained.tryComplete();
            ended.tryComplete(why);
        });
    }

    private <T, R> Future<R> request(RequestAddress<T, R> to, T message) {
        return bus.request(to, message, Duration.ofMillis(config.answerTimeoutMillis()));
    }

    private void apply(StepAnswer answer) {
        if (answer instanceof StepAnswer.StepFailed failed) {
            log.error("Step {} failed: {}", failed.number(), failed.message());
        }
        if (answer instanceof StepAnswer.OutOfMemory full) {
            log.warn("Step {} did not fit into memory and is tried with less: {}", full.number(), full.message());
        }
        scheduler.apply(answer, now());
        pump();
    }

    private void announce() {
        heartbeats++;
        bus.publish(
                Addresses.heartbeats(),
                new Heartbeat(
                        replica.replicaId(),
                        replica.nodeId(),
                        incarnation,
                        heartbeats,
                        state,
                        replica.modelId(),
                        replica.fingerprint(),
                        replica.contextLength(),
                        scheduler.load(),
                        scheduler.prefixDigest(DIGEST_ENTRIES)));
    }

    /** A clock that never goes back. */
    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
