package dev.troupe.router.picture;

import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.Headway;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.message.PictureProbe;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.picture.PictureStatus.State;
import dev.troupe.router.replica.ReplicaKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One order on its way: written down, sent, followed, moved when its worker is lost, kept, closed. On the router's event loop.
 *
 * <p>Each attempt has an epoch, greater than all before it, those of earlier owners included; what comes of an older one is not heard.
 */
final class PictureJob {
    private static final Logger log = LoggerFactory.getLogger(PictureJob.class);
    /** Epochs of one owner. */
    private static final int EPOCHS = 1 << 16;

    private static final int MOST_ASKED = 3;
    private static final long NOT = Long.MIN_VALUE;

    private enum Stage {
        /** It is being written down. */
        OPENING,
        /** A worker has been asked. */
        ASKING,
        /** No worker takes it now. */
        WAITING,
        /** A worker has it. */
        THERE,
        /** It is made, and is being kept. */
        KEEPING,
        /** Its end is being written down. */
        CLOSING,
        OVER
    }

    private final PicturePool pool;
    private final ImageDirectory directory;
    private final PictureOrder order;
    private final PictureListener listener;
    private final Consumer<PictureJob> over;
    private final int term;
    private final Promise<Void> accepted = Promise.promise();
    private final Culprit culprit;
    private final Set<String> refusedBy = new HashSet<>();
    private final boolean fresh;
    private Stage stage = Stage.OPENING;
    private int epoch;
    private Optional<ImageReplica> replica = Optional.empty();
    private String hint;
    private String fingerprint = "";
    private Optional<LatentCheckpoint> checkpoint;
    private int place;
    private int done;
    private int of;
    /** Steps that the present worker has told of: fewer than {@link #done} where it began with fewer. */
    private int stands;

    private int previews;
    private long heardAt;
    private long probedAt;
    private long homelessSince = NOT;
    private long nextTry;
    private ApiError reason;

    private PictureJob(
            PicturePool pool,
            ImageDirectory directory,
            PictureOrder order,
            PictureListener listener,
            Consumer<PictureJob> over,
            int term,
            Headway headway,
            boolean fresh) {
        this.pool = pool;
        this.directory = directory;
        this.order = order;
        this.listener = listener;
        this.over = over;
        this.term = term;
        this.epoch = term * EPOCHS;
        this.hint = headway.replicaId();
        this.checkpoint = headway.checkpoint();
        this.done = headway.done();
        this.of = headway.of();
        this.culprit = new Culprit(headway.deaths(), headway.stood());
        this.fresh = fresh;
        this.reason = Refusals.noReplica(order.spec().modelId());
    }

    static PictureJob of(
            PicturePool pool,
            ImageDirectory directory,
            PictureOrder order,
            PictureListener listener,
            Consumer<PictureJob> over) {
        return new PictureJob(pool, directory, order, listener, over, 1, Headway.NONE, true);
    }

    /** One that another router has begun. */
    static PictureJob adopted(
            PicturePool pool, ImageDirectory directory, JournaledPicture found, Consumer<PictureJob> over) {
        return new PictureJob(
                pool,
                directory,
                PictureOrders.order(found.head()),
                Unheard.LISTENER,
                over,
                found.term(),
                found.headway(),
                false);
    }

    /** @return completes when it is accepted, or fails with an {@link ApiException} when it never began */
    Future<Void> begin() {
        if (!fresh) {
            accepted.complete();
            ask();
            return accepted.future();
        }
        then(
                () -> pool.journal().open(PictureOrders.head(order), pool.routerId(), term, headway()),
                verdict -> {
                    if (verdict == Verdict.DONE) {
                        ask();
                    } else {
                        notAccepted(PictureErrors.notWrittenDown());
                    }
                },
                () -> notAccepted(PictureErrors.notWrittenDown()));
        return accepted.future();
    }

    PictureOrder order() {
        return order;
    }

    int term() {
        return term;
    }

    PictureStatus status() {
        return status(stage == Stage.WAITING || place > 0 || of == 0 ? State.QUEUED : State.RUNNING, Optional.empty());
    }

    private PictureStatus status(State state, Optional<ApiError> error) {
        return new PictureStatus(order, state, state == State.QUEUED ? Math.max(1, place) : 0, done, of, error);
    }

    private long now() {
        return pool.clock().getAsLong();
    }

    private Attempt attempt() {
        return new Attempt(order.id(), epoch);
    }

    /** Asks the next worker that may have it. */
    private void ask() {
        Optional<ImageReplica> next = directory
                .find(hint)
                .filter(known -> known.admits() && !refusedBy.contains(known.id()))
                .or(() -> directory.choose(order.spec().modelId(), order.id(), refusedBy));
        hint = "";
        if (next.isEmpty()) {
            homeless();
            return;
        }
        String weights = next.get().heartbeat().model().fingerprint();
        if (!fingerprint.isEmpty() && !fingerprint.equals(weights)) {
            // What another model has begun is nothing to go on with.
            checkpoint = Optional.empty();
        }
        fingerprint = weights;
        replica = next;
        epoch++;
        culprit.waits();
        stands = checkpoint.map(LatentCheckpoint::step).orElse(0);
        directory.sent(next.get().id(), rowSteps());
        send(1);
    }

    private long rowSteps() {
        int left = Math.max(
                0, order.spec().steps() - checkpoint.map(LatentCheckpoint::step).orElse(0));
        return (order.spec().guidance() > 1 ? 2L : 1L) * left;
    }

    private void send(int time) {
        stage = Stage.ASKING;
        Attempt asked = attempt();
        ImageReplica to = replica.orElseThrow();
        GeneratePicture request = new GeneratePicture(
                asked,
                order.tenant(),
                pool.routerId(),
                order.spec(),
                checkpoint,
                culprit.mustBeAlone(),
                // A deadline counts until the first step, which has been done where there is a checkpoint.
                fresh && epoch == term * EPOCHS + 1
                        ? order.share()
                        : order.share().within(OptionalLong.empty()));
        pool.bus()
                .request(
                        Addresses.imageWorker(to.id()),
                        request,
                        Duration.ofMillis(pool.times().admission()))
                .onComplete(answer -> pool.timers().run(() -> {
                    if (stage != Stage.ASKING || !attempt().equals(asked)) {
                        return;
                    }
                    if (answer.failed()) {
                        notAnswered(to, time, answer.cause());
                    } else if (answer.result() instanceof Admission.Refused refused) {
                        refused(to, refused);
                    } else {
                        admitted(to);
                    }
                }));
    }

    private void notAnswered(ImageReplica to, int time, Throwable failure) {
        boolean lives = directory.state(to.key()).isPresent();
        if (!Bus.nobodyThere(failure) && lives && time < MOST_ASKED) {
            send(time + 1);
            return;
        }
        if (!Bus.nobodyThere(failure)) {
            giveBack(to);
        }
        refusedBy.add(to.id());
        ask();
    }

    /** It may have it, and shall not. */
    private void giveBack(ImageReplica from) {
        pool.bus().send(Addresses.cancelPicture(from.id()), new Cancel(attempt()));
    }

    private void refused(ImageReplica to, Admission.Refused refused) {
        switch (refused.code()) {
            case INVALID_REQUEST, CONTEXT_LENGTH_EXCEEDED, DEADLINE_UNREACHABLE -> unwanted(Refusals.of(refused));
            case STALE_ATTEMPT ->
                // Somebody has gone on with it; the journal says who.
                then(
                        () -> pool.journal().advance(order.id(), pool.routerId(), term, headway()),
                        verdict -> {
                            if (verdict == Verdict.TAKEN) {
                                taken();
                            } else {
                                refusedBy.add(to.id());
                                ask();
                            }
                        },
                        this::homeless);
            case QUEUE_FULL, DRAINING, NO_REPLICA, REPLICA_LOST, INTERNAL, NO_MAJORITY -> {
                reason = Refusals.of(refused);
                refusedBy.add(to.id());
                ask();
            }
        }
    }

    private void unwanted(ApiError error) {
        if (accepted.future().isComplete()) {
            fail(error);
        } else {
            notAccepted(error);
        }
    }

    private void notAccepted(ApiError error) {
        end();
        pool.journal().withdraw(order.id(), pool.routerId(), term);
        accepted.tryFail(new ApiException(error));
    }

    private void homeless() {
        refusedBy.clear();
        if (!accepted.future().isComplete()) {
            notAccepted(reason);
            return;
        }
        homelessSince = homelessSince == NOT ? now() : homelessSince;
        stage = Stage.WAITING;
        replica = Optional.empty();
        nextTry = now() + pool.times().retry();
    }

    private void admitted(ImageReplica by) {
        stage = Stage.THERE;
        refusedBy.clear();
        homelessSince = NOT;
        heardAt = now();
        probedAt = now();
        accepted.tryComplete();
        writeDown();
        log.debug("{} is at {}", order.id(), by.id());
    }

    private Headway headway() {
        return new Headway(
                replica.map(ImageReplica::id).orElse(""), done, of, culprit.deaths(), culprit.stood(), checkpoint);
    }

    /** Nobody waits for it: what is lost of it is a second of work. */
    private void writeDown() {
        then(
                () -> pool.journal().advance(order.id(), pool.routerId(), term, headway()),
                this::heardOfJournal,
                () -> log.warn("The headway of {} was not written down", order.id()));
    }

    private void heardOfJournal(Verdict verdict) {
        if (stage == Stage.OVER || stage == Stage.CLOSING) {
            return;
        }
        if (verdict == Verdict.TAKEN) {
            taken();
        } else if (verdict == Verdict.MISSING) {
            log.warn("The journal has lost {}; it is written down again", order.id());
            pool.journal().open(PictureOrders.head(order), pool.routerId(), term, headway());
        }
    }

    /** It is not this router's any more: it has been cancelled, or another one goes on with it. */
    private void taken() {
        then(
                () -> pool.journal().read(order.id(), order.tenant()),
                found -> {
                    boolean cancelled = found.flatMap(JournaledPicture::outcome)
                            .filter(Outcome.CANCELLED::equals)
                            .isPresent();
                    if (cancelled) {
                        cancelled();
                    } else {
                        letGo(Refusals.moved());
                    }
                },
                () -> letGo(Refusals.moved()));
    }

    /** What has become of an attempt, by itself or because it was asked for. @return whether the worker is to forget it */
    boolean hear(String replicaId, PictureEvent event) {
        boolean current =
                replica.map(ImageReplica::id).filter(replicaId::equals).isPresent()
                        && attempt().equals(event.attempt());
        if (!current) {
            return event.attempt().epoch() < epoch && stage != Stage.OPENING;
        }
        if (stage == Stage.ASKING) {
            // It has been admitted, and the answer is lost or late.
            admitted(replica.orElseThrow());
        }
        heardAt = now();
        if (stage != Stage.THERE) {
            return false;
        }
        if (event instanceof PictureEvent.Waiting waiting) {
            culprit.waits();
            place = waiting.place();
            listener.moved(status());
        } else if (event instanceof PictureEvent.Step step) {
            stepped(step);
        } else if (event instanceof PictureEvent.Made made) {
            keep(made);
        } else if (event instanceof PictureEvent.Failed failed) {
            failed(failed);
        }
        return false;
    }

    private void stepped(PictureEvent.Step step) {
        culprit.isMade();
        place = 0;
        stands = step.done();
        of = step.of();
        // What was told is not taken back when another worker begins a few steps earlier.
        done = Math.min(of, Math.max(done, step.done()));
        step.checkpoint()
                .filter(later ->
                        later.step() > checkpoint.map(LatentCheckpoint::step).orElse(0))
                .ifPresent(later -> {
                    checkpoint = Optional.of(later);
                    writeDown();
                });
        listener.moved(status());
        step.preview().filter(preview -> preview.index() >= previews).ifPresent(preview -> {
            previews = preview.index() + 1;
            listener.preview(preview.index(), preview.picture());
        });
    }

    private void failed(PictureEvent.Failed failed) {
        Admission.Refused why = new Admission.Refused(failed.attempt(), failed.code(), failed.message(), 0);
        switch (failed.code()) {
            case DRAINING, NO_REPLICA, REPLICA_LOST, NO_MAJORITY, STALE_ATTEMPT, QUEUE_FULL -> moveOn();
            case CONTEXT_LENGTH_EXCEEDED, INVALID_REQUEST, DEADLINE_UNREACHABLE -> fail(Refusals.of(why));
            case INTERNAL -> fail(ApiError.internal("picture_failed", failed.message()));
        }
    }

    /** Keeps it, and tells nobody before: first the journal that it cannot be cancelled any more, then the store. */
    private void keep(PictureEvent.Made made) {
        stage = Stage.KEEPING;
        done = of;
        keep(made, now() + pool.times().failover());
    }

    private void keep(PictureEvent.Made made, long until) {
        if (stage != Stage.KEEPING) {
            return;
        }
        then(
                () -> pool.journal().seal(order.id(), pool.routerId(), term),
                verdict -> {
                    if (stage != Stage.KEEPING) {
                        return;
                    }
                    switch (verdict) {
                        case DONE -> store(made, until);
                        case TAKEN -> taken();
                        case MISSING -> {
                            heardOfJournal(verdict);
                            later(() -> keep(made, until));
                        }
                    }
                },
                () -> later(() -> keep(made, until)));
    }

    private void store(PictureEvent.Made made, long until) {
        pool.keeper().keep(order, made.picture(), made.warnings()).onComplete(kept -> pool.timers()
                .run(() -> {
                    if (stage != Stage.KEEPING) {
                        return;
                    }
                    if (kept.succeeded()) {
                        close(Outcome.DONE, status(State.COMPLETED, Optional.empty()));
                    } else if (kept.cause() instanceof ApiException refused) {
                        fail(refused.error());
                    } else if (now() >= until) {
                        log.error("Picture {} could not be kept", order.id(), kept.cause());
                        fail(PictureErrors.notKept());
                    } else {
                        log.warn(
                                "Picture {} was not kept and is tried again: {}",
                                order.id(),
                                kept.cause().getMessage());
                        later(() -> keep(made, until));
                    }
                }));
    }

    private void later(Runnable task) {
        pool.timers().after(pool.times().retry(), task);
    }

    private void fail(ApiError error) {
        replica.ifPresent(this::giveBack);
        close(Outcome.failed(PictureErrors.encode(error)), status(State.FAILED, Optional.of(error)));
    }

    private void close(Outcome outcome, PictureStatus end) {
        if (stage == Stage.OVER) {
            return;
        }
        stage = Stage.CLOSING;
        then(
                () -> pool.journal().close(order.id(), pool.routerId(), term, outcome),
                verdict -> {
                    if (verdict == Verdict.TAKEN) {
                        taken();
                    } else {
                        over(end);
                    }
                },
                () -> later(() -> close(outcome, end)));
    }

    private void over(PictureStatus end) {
        if (stage == Stage.OVER) {
            return;
        }
        replica.ifPresent(at -> pool.bus().send(Addresses.pictureAcks(at.id()), new PictureAck(attempt())));
        end();
        listener.ended(end);
    }

    private void end() {
        stage = Stage.OVER;
        over.accept(this);
    }

    /** The journal has it as cancelled. */
    void cancelled() {
        if (stage == Stage.OVER) {
            return;
        }
        replica.ifPresent(this::giveBack);
        end();
        accepted.tryComplete();
        listener.ended(status(State.CANCELLED, Optional.empty()));
    }

    /** Says and does nothing more: another router goes on with it. */
    void letGo(ApiError why) {
        if (stage == Stage.OVER) {
            return;
        }
        end();
        if (!accepted.tryFail(new ApiException(why))) {
            listener.ended(status(State.FAILED, Optional.of(why)));
        }
    }

    /** To be called several times a second. */
    void sweep(long now) {
        switch (stage) {
            case THERE -> {
                if (!leaves()) {
                    look(now);
                }
            }
            case WAITING -> {
                if (now - homelessSince >= pool.times().failover()) {
                    fail(PictureErrors.noReplicaLeft(pool.times().failover() / 1000, reason));
                } else if (now >= nextTry) {
                    ask();
                }
            }
            case OPENING, ASKING, KEEPING, CLOSING, OVER -> {}
        }
    }

    /** A worker that is leaving is left while there is another: by what has not begun at once, by the rest when it asks for it. */
    private boolean leaves() {
        ImageReplica at = replica.orElseThrow();
        Optional<Heartbeat.State> state = directory.state(at.key());
        boolean leave = state.isPresent()
                && switch (state.get()) {
                    case READY, GONE -> false;
                    case DRAINING -> place > 0;
                    case EVACUATING, WORKER_LOST -> true;
                };
        if (leave
                && directory
                        .choose(order.spec().modelId(), order.id(), Set.of(at.id()))
                        .isPresent()) {
            culprit.leavesSilent(at.nodeId());
            giveBack(at);
            refusedBy.add(at.id());
            moveOn();
            return true;
        }
        return false;
    }

    private void look(long now) {
        boolean silent = now - heardAt >= pool.times().silence()
                && now - probedAt >= pool.times().silence();
        if (!silent && now - probedAt < pool.times().betweenProbes()) {
            return;
        }
        probedAt = now;
        Attempt asked = attempt();
        ImageReplica at = replica.orElseThrow();
        pool.bus()
                .request(
                        Addresses.pictureProbe(at.id()),
                        new PictureProbe(asked),
                        Duration.ofMillis(pool.times().admission()))
                .onSuccess(found -> pool.timers().run(() -> {
                    if (stage != Stage.THERE || !attempt().equals(asked)) {
                        return;
                    }
                    if (found.event().isPresent()) {
                        hear(at.id(), found.event().get());
                    } else {
                        moveOn();
                    }
                }));
    }

    private void moveOn() {
        place = 0;
        ask();
    }

    /** A replica has left, was born again, or has not been heard of for too long. */
    void replicaGone(ReplicaKey gone, boolean silent) {
        boolean there = replica.filter(at -> at.key().equals(gone)).isPresent();
        if (!there || (stage != Stage.THERE && stage != Stage.ASKING)) {
            return;
        }
        if (silent) {
            culprit.leavesSilent(replica.get().nodeId());
            giveBack(replica.get());
        }
        moveOn();
    }

    /** A process has died. To be called before its replicas are gone. */
    void nodeDied(String nodeId) {
        boolean here = stage == Stage.THERE
                && replica.filter(at -> at.nodeId().equals(nodeId)).isPresent();
        boolean under = stage == Stage.THERE || stage == Stage.ASKING || stage == Stage.WAITING;
        if (under && culprit.died(nodeId, here, stands)) {
            fail(PictureErrors.killsWorkers());
        }
    }

    private <T> void then(Supplier<CompletionStage<T>> call, Consumer<T> next, Runnable failed) {
        call.get().whenComplete((value, failure) -> pool.timers().run(() -> {
            if (failure == null) {
                next.accept(value);
            } else {
                log.warn("The journal did not take a word about {}: {}", order.id(), failure.getMessage());
                failed.run();
            }
        }));
    }

    @Override
    public String toString() {
        return order.id() + " " + stage + " " + done + "/" + of + " epoch " + epoch + " at "
                + replica.map(ImageReplica::id).orElse("nobody");
    }
}
