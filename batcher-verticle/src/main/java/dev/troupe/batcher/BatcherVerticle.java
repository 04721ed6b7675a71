package dev.troupe.batcher;

import dev.troupe.cache.service.ServiceLedger;
import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.RequestAddress;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.ReplicaQuestion;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final long SERVICE_MILLIS = 200;
    private static final int DIGEST_ENTRIES = 256;
    /** For which a worker that answers questions may compute one step: a slow machine needs seconds, a stuck device for ever. */
    private static final long LONGEST_STEP_MILLIS = 30_000;

    private final ReplicaSpec replica;
    private final BatcherConfig config;
    private final SharingConfig sharing;
    private final SchedulerMetrics metrics;
    private final ServiceLedger ledger;
    private final long incarnation = System.currentTimeMillis();
    private final Promise<Void> drained = Promise.promise();
    private final Promise<String> ended = Promise.promise();
    private Scheduler scheduler;
    private Bus bus;
    private long heartbeats;
    /** Number of the plan that was not answered in time, while it is not; no plan has the number 0. */
    private long unanswered;

    private long unansweredSince;
    private boolean gone;
    private boolean draining;
    /** Of the time to drain, that for what ends here is over. */
    private boolean moving;
    /** The pool has not answered the last report of what was done for tenants. */
    private boolean reporting;

    private Worker worker = Worker.ANSWERS;
    private boolean meeting;

    private enum Worker {
        ANSWERS,
        /** It answers neither a plan nor a question in time, or one plan never: it is dead or hung. */
        SILENT,
        /** The last plan came to nobody. */
        LOST
    }

    public BatcherVerticle(
            ReplicaSpec replica,
            BatcherConfig config,
            SharingConfig sharing,
            SchedulerMetrics metrics,
            ServiceLedger ledger) {
        this.replica = replica;
        this.config = config;
        this.sharing = sharing;
        this.metrics = metrics;
        this.ledger = ledger;
    }

    @Override
    public Future<?> start() {
        bus = Bus.of(vertx);
        scheduler = new Scheduler(replica, config, sharing, incarnation, metrics);
        String id = replica.replicaId();
        return Future.all(List.of(
                        bus.answer(
                                Addresses.batcher(id),
                                request -> Future.<Admission>succeededFuture(
                                        then(() -> scheduler.generate(request, request.keepWarm(), now())))),
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
                    vertx.setPeriodic(SERVICE_MILLIS, timer -> reportService());
                    announce();
                });
    }

    /**
     * Admits nothing from now on and ends what is here, or has it moved to other replicas. May be called from any thread.
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

    /** A router has left the pool. May be called from any thread, once deployed. */
    public void routerGone(String routerId) {
        context.runOnContext(nothing -> {
            scheduler.routerGone(routerId, now());
            pump();
        });
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
        gone = true;
        announce();
        return Future.succeededFuture();
    }

    private Heartbeat.State state() {
        if (gone) {
            return Heartbeat.State.GONE;
        }
        if (worker == Worker.LOST) {
            return Heartbeat.State.WORKER_LOST;
        }
        if (moving || worker == Worker.SILENT) {
            return Heartbeat.State.EVACUATING;
        }
        return draining ? Heartbeat.State.DRAINING : Heartbeat.State.READY;
    }

    private <T> T then(Supplier<T> call) {
        T result = call.get();
        pump();
        return result;
    }

    /** After everything that happens: out with what the scheduler has to say, and on with the next step. */
    private void pump() {
        Optional<StepPlan> plan = scheduler.planDue(now());
        // Who begins is told before the worker can die of it.
        for (Outgoing outgoing : scheduler.takeOutbox()) {
            bus.send(Addresses.tokens(outgoing.routerId()), outgoing.batch());
        }
        scheduler.takeFetches().forEach(this::fetch);
        plan.ifPresent(this::run);
        if (draining && scheduler.isIdle()) {
            drained.tryComplete();
        }
    }

    /** Beside the steps. */
    private void fetch(PrefixFetch fetch) {
        request(Addresses.fetch(replica.replicaId()), fetch).onComplete(answer -> {
            if (answer.succeeded()) {
                scheduler.fetched(fetch, answer.result(), now());
            } else {
                scheduler.fetchFailed(fetch, now());
            }
            pump();
        });
    }

    private void run(StepPlan plan) {
        // A worker that has lost its memory runs nothing but a plan with reset: so none escapes the question.
        Future<?> mayRun = plan.reset() ? checkWorker() : Future.succeededFuture();
        mayRun.compose(checked -> request(Addresses.worker(replica.replicaId()), plan))
                .onSuccess(this::apply)
                .onFailure(failure -> unanswered(plan, failure));
    }

    private void unanswered(StepPlan plan, Throwable failure) {
        scheduler.unanswered(plan, now());
        if (plan.number() != unanswered) {
            // Once, and not ten times a second until a worker is there.
            log.warn("Plan {} was not answered: {}", plan.number(), failure.getMessage());
            unanswered = plan.number();
            unansweredSince = now();
        }
        if (Bus.nobodyThere(failure)) {
            workerIs(Worker.LOST);
        } else if (now() - unansweredSince >= LONGEST_STEP_MILLIS) {
            workerIs(Worker.SILENT);
        } else {
            // Streams that leave a worker which only computes for long make others compute all the longer.
            askWorker().onFailure(silence -> {
                if (unanswered == plan.number()) {
                    workerIs(Bus.nobodyThere(silence) ? Worker.LOST : Worker.SILENT);
                }
            });
        }
    }

    private Future<ReplicaDescription> askWorker() {
        return request(Addresses.describe(replica.replicaId()), new ReplicaQuestion(replica.replicaId()));
    }

    private Future<ReplicaDescription> checkWorker() {
        ReplicaDescription known = replica.worker();
        return askWorker().compose(found -> {
            if (known.isServedBy(found)) {
                return Future.succeededFuture(found);
            }
            String message = "the worker of replica " + replica.replicaId() + " is not what it was: " + known
                    + " became " + found + "; give it the --model and --kv-memory of before";
            giveUp(message);
            return Future.failedFuture(message);
        });
    }

    /** Streams need not wait here for a worker that may never come back. */
    private void workerIs(Worker now) {
        if (worker != now) {
            worker = now;
            announce();
        }
    }

    /** Who comes back may be another one, which is to be known before anything is admitted for it. */
    private void meetWorker() {
        if (meeting) {
            return;
        }
        meeting = true;
        checkWorker().onComplete(met -> {
            meeting = false;
            if (met.succeeded()) {
                workerIs(Worker.ANSWERS);
            } else if (!gone) {
                vertx.setTimer(config.failurePauseMillis(), timer -> meetWorker());
            }
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
        unanswered = 0;
        if (worker != Worker.ANSWERS) {
            meetWorker();
        }
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
                        state(),
                        replica.modelId(),
                        replica.fingerprint(),
                        replica.contextLength(),
                        scheduler.load(),
                        scheduler.prefixDigest(DIGEST_ENTRIES)));
    }

    /** Beside the steps: while the pool does not answer, what it is to be told adds up here. */
    private void reportService() {
        if (reporting) {
            return;
        }
        Map<String, ServiceReport> reports = scheduler.reportService();
        if (reports.isEmpty()) {
            return;
        }
        reporting = true;
        Future.fromCompletionStage(ledger.exchange(replica.fingerprint(), reports), context)
                .onComplete(answer -> {
                    reporting = false;
                    if (answer.succeeded()) {
                        scheduler.serviceHeard(answer.result());
                    } else {
                        log.debug(
                                "The pool's account of service was not reached: {}",
                                answer.cause().toString());
                        scheduler.serviceUnheard();
                    }
                });
    }

    /** A clock that never goes back. */
    private static long now() {
        return System.nanoTime() / 1_000_000;
    }
}
