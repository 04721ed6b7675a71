package dev.troupe.bench.sim;

import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.picture.PictureListener;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.picture.PictureStatus;
import java.util.Optional;
import java.util.Set;

/** Somebody who wants a picture, remembers what he is told, and knows what he may expect. */
final class SimPicture implements PictureListener {
    private final PictureOrder order;
    private final boolean deadly;
    private SimPictureRouter router;
    private boolean accepted;
    private boolean refused;
    private boolean cancelled;
    private int done;
    private Optional<PictureStatus> end = Optional.empty();

    SimPicture(PictureOrder order, boolean deadly) {
        this.order = order;
        this.deadly = deadly;
    }

    PictureOrder order() {
        return order;
    }

    void asked(SimPictureRouter by) {
        router = by;
    }

    void accepted() {
        accepted = true;
    }

    void refused(Throwable why) {
        refused = true;
        if (accepted) {
            throw new AssertionError(order.id() + " was accepted and then refused: " + why);
        }
    }

    void cancelled() {
        cancelled = true;
    }

    @Override
    public void moved(PictureStatus status) {
        notOver("moved");
        if (status.done() < done || status.done() > status.of()) {
            throw new AssertionError(order.id() + " went back from " + done + " to " + status);
        }
        done = status.done();
    }

    @Override
    public void preview(int index, EncodedPicture picture) {
        notOver("a preview");
    }

    @Override
    public void ended(PictureStatus status) {
        notOver("an end");
        end = Optional.of(status);
    }

    private void notOver(String what) {
        if (end.isPresent() || refused) {
            throw new AssertionError(order.id() + " heard of " + what + " after its end " + end);
        }
    }

    /**
     * Throws what is not as promised.
     *
     * @param mayFail codes of errors that this pool may end a picture with
     */
    void check(Optional<JournaledPicture> written, Optional<EncodedPicture> kept, Set<String> mayFail) {
        kept.ifPresent(picture -> {
            if (!picture.equals(SimImageWorker.undisturbed(order.spec()))) {
                throw new AssertionError(order.id() + " was kept with other content than its seed gives");
            }
        });
        if (written.isEmpty()) {
            require(!accepted, "accepted and forgotten");
            require(kept.isEmpty(), "kept and never accepted");
            return;
        }
        require(written.get().outcome().isPresent(), "never ended");
        Outcome outcome = written.get().outcome().get();
        require(
                kept.isPresent() == outcome.equals(Outcome.DONE),
                "ended " + outcome + " and kept: " + kept.isPresent());
        require(!cancelled || outcome.equals(Outcome.CANCELLED), "was told that it is cancelled, and is " + outcome);
        if (outcome.kind() == Outcome.Kind.FAILED) {
            require(
                    mayFail.stream().anyMatch(outcome.error()::contains)
                            || (deadly && outcome.error().contains("worker_killed")),
                    "failed: " + outcome.error());
        }
        require(!deadly || !outcome.equals(Outcome.DONE), "made though nobody survives it");
        if (accepted && !router.isDead()) {
            require(end.isPresent(), "its listener was never told of the end " + outcome);
        }
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(order.id() + " " + what + "; told " + end);
        }
    }

    boolean wasMade() {
        return end.filter(status -> status.state() == PictureStatus.State.COMPLETED)
                .isPresent();
    }
}
