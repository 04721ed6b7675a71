package dev.troupe.router.picture;

import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureNews;
import dev.troupe.cluster.message.PicturePlace;
import dev.troupe.cluster.message.PictureQuestion;
import dev.troupe.cluster.message.StopStream;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.generate.Refusals;
import dev.troupe.router.picture.PictureStatus.State;
import dev.troupe.router.replica.ReplicaKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All jobs of a router by id, and what the pool says of them. On the router's event loop. */
public final class PictureJobs implements Pictures {
    private static final Logger log = LoggerFactory.getLogger(PictureJobs.class);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final PicturePool pool;
    private final ImageDirectory directory;
    private final Map<String, PictureJob> live = new HashMap<>();
    private Optional<Promise<Void>> draining = Optional.empty();
    private boolean cutOff;

    public PictureJobs(PicturePool pool) {
        this.pool = pool;
        this.directory = new ImageDirectory(pool.times().replicaSilence());
    }

    @Override
    public List<PictureModel> models() {
        return directory.models();
    }

    @Override
    public Future<Void> start(PictureOrder order, PictureListener listener) {
        if (cutOff) {
            return refused(Refusals.noMajority());
        }
        if (draining.isPresent()) {
            return refused(Refusals.moved());
        }
        if (directory.models().stream()
                .noneMatch(model -> model.id().equals(order.spec().modelId()))) {
            return refused(Refusals.noReplica(order.spec().modelId()));
        }
        if (live.containsKey(order.id())) {
            return Future.failedFuture(new IllegalStateException("picture " + order.id() + " is under way already"));
        }
        return add(PictureJob.of(pool, directory, order, new GuardedListener(listener), this::remove));
    }

    private static Future<Void> refused(ApiError error) {
        return Future.failedFuture(new ApiException(error));
    }

    private Future<Void> add(PictureJob job) {
        live.put(job.order().id(), job);
        return job.begin();
    }

    private void remove(PictureJob job) {
        live.remove(job.order().id(), job);
        if (live.isEmpty()) {
            draining.ifPresent(Promise::tryComplete);
        }
    }

    @Override
    public Future<Optional<PictureStatus>> status(String tenant, String id) {
        PictureJob job = live.get(id);
        if (job != null) {
            return Future.succeededFuture(Optional.of(job)
                    .filter(own -> own.order().tenant().equals(tenant))
                    .map(PictureJob::status));
        }
        return here(pool.journal().read(id, tenant))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : told(found.get()).map(Optional::of));
    }

    /** By its owner, or, where that does not answer, by the journal. */
    private Future<PictureStatus> told(JournaledPicture found) {
        if (found.outcome().isPresent()) {
            return Future.succeededFuture(written(found));
        }
        return pool.bus()
                .request(
                        Addresses.picturePlace(found.owner()),
                        new PictureQuestion(found.head().id()),
                        SOON)
                .map(place -> place.place() == 0 && place.of() == 0 ? written(found) : status(found, place))
                .otherwise(silence -> written(found));
    }

    private static PictureStatus status(JournaledPicture found, PicturePlace place) {
        return new PictureStatus(
                PictureOrders.order(found.head()),
                place.place() > 0 ? State.QUEUED : State.RUNNING,
                place.place(),
                place.done(),
                place.of(),
                Optional.empty());
    }

    private static PictureStatus written(JournaledPicture found) {
        int done = found.headway().done();
        int of = found.headway().of();
        PictureOrder order = PictureOrders.order(found.head());
        if (found.outcome().isEmpty()) {
            State state = of > 0 ? State.RUNNING : State.QUEUED;
            return new PictureStatus(order, state, of > 0 ? 0 : 1, done, of, Optional.empty());
        }
        Outcome outcome = found.outcome().get();
        return switch (outcome.kind()) {
            case DONE -> new PictureStatus(order, State.COMPLETED, 0, of, of, Optional.empty());
            case FAILED ->
                new PictureStatus(order, State.FAILED, 0, done, of, Optional.of(PictureErrors.decode(outcome.error())));
            case CANCELLED -> new PictureStatus(order, State.CANCELLED, 0, done, of, Optional.empty());
        };
    }

    @Override
    public Future<Boolean> cancel(String tenant, String id) {
        return here(pool.journal().cancel(id, tenant)).map(found -> {
            boolean cancelled = found.flatMap(JournaledPicture::outcome)
                    .filter(Outcome.CANCELLED::equals)
                    .isPresent();
            if (cancelled) {
                stop(id);
                if (!found.get().owner().equals(pool.routerId())) {
                    pool.bus().send(Addresses.stop(found.get().owner()), new StopStream(id));
                }
            }
            return cancelled;
        });
    }

    /** The journal has that one as cancelled. Nothing happens if it is none of ours. */
    public void stop(String id) {
        Optional.ofNullable(live.get(id)).ifPresent(PictureJob::cancelled);
    }

    /** @return where a job of this router is */
    public PicturePlace place(PictureQuestion question) {
        PictureJob job = live.get(question.pictureId());
        if (job == null) {
            return new PicturePlace(0, 0, 0);
        }
        PictureStatus status = job.status();
        return new PicturePlace(status.place(), status.done(), status.of());
    }

    /** Image workers tell of their pictures. What nobody here knows, they may forget. */
    public void hear(PictureNews news) {
        for (PictureEvent event : news.events()) {
            Attempt attempt = event.attempt();
            PictureJob job = live.get(attempt.requestId());
            boolean forget = job == null || job.hear(news.replicaId(), event);
            if (forget && (event instanceof PictureEvent.Made || event instanceof PictureEvent.Failed)) {
                pool.bus().send(Addresses.pictureAcks(news.replicaId()), new PictureAck(attempt));
            }
        }
    }

    /** @param now as the router could listen, see {@link dev.troupe.router.replica.ListeningTime} */
    public void heard(PictureHeartbeat heartbeat, long now) {
        directory.heard(heartbeat, now).ifPresent(gone -> gone(gone, false));
    }

    /**
     * To be called several times a second.
     *
     * @param listened as the router could listen
     */
    public void sweep(long listened) {
        directory.tick(listened).forEach(silent -> gone(silent, true));
        long now = pool.clock().getAsLong();
        forAll(job -> job.sweep(now));
    }

    private void gone(ReplicaKey replica, boolean silent) {
        forAll(job -> job.replicaGone(replica, silent));
    }

    /** A process has left the pool. */
    public void nodeLeft(String nodeId) {
        forAll(job -> job.nodeDied(nodeId));
        directory.nodeLeft(nodeId).forEach(gone -> gone(gone, false));
    }

    private void forAll(Consumer<PictureJob> action) {
        List.copyOf(live.values()).forEach(action);
    }

    /** Goes on with what a router has left that is gone. Several routers that do it at once share. */
    public void adopt(String deadRouter) {
        if (cutOff || draining.isPresent() || deadRouter.equals(pool.routerId())) {
            return;
        }
        pool.journal().takeOver(deadRouter, pool.routerId()).whenComplete((found, failure) -> pool.timers()
                .run(() -> {
                    if (failure != null) {
                        // The look for orphans comes by again.
                        log.warn("Could not take over pictures from {}: {}", deadRouter, failure.getMessage());
                    } else {
                        found.forEach(this::adopt);
                    }
                }));
    }

    private void adopt(JournaledPicture found) {
        PictureJob known = live.get(found.head().id());
        if (known != null && known.term() >= found.term()) {
            return;
        }
        if (known != null) {
            known.letGo(Refusals.moved());
        }
        log.info(
                "Going on with picture {} of a router that is gone",
                found.head().id());
        add(PictureJob.adopted(pool, directory, found, this::remove));
    }

    /** Whether more than half of the pool is in sight; without it jobs are left to those who see it. */
    public void majority(boolean held) {
        cutOff = !held;
        if (!held) {
            forAll(job -> job.letGo(Refusals.noMajority()));
        }
    }

    /** Takes nothing new. @return completes when nothing is left */
    public Future<Void> drain() {
        if (draining.isEmpty()) {
            draining = Optional.of(Promise.promise());
        }
        if (live.isEmpty()) {
            draining.get().tryComplete();
        }
        return draining.get().future();
    }

    /** Leaves what there is to other routers, who must be told so afterwards. */
    public void move() {
        forAll(job -> job.letGo(Refusals.moved()));
    }

    /** @return jobs under way */
    public int size() {
        return live.size();
    }

    @Override
    public String toString() {
        return live.values().toString();
    }

    private <T> Future<T> here(CompletionStage<T> stage) {
        Promise<T> promise = Promise.promise();
        stage.whenComplete((value, failure) -> pool.timers().run(() -> {
            if (failure == null) {
                promise.complete(value);
            } else {
                promise.fail(failure);
            }
        }));
        return promise.future();
    }
}
