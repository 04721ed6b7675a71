package dev.troupe.image.work;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.tenant.Priority;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One picture at this worker, from its admission until its end is acknowledged. Mutable; belongs to the scheduler. */
final class PictureTask {
    enum State {
        /** Its files have not been read. */
        QUEUED,
        /** They are being read. */
        PREPARING,
        /** It takes part in passes. */
        READY,
        /** It has no step left and waits to be decoded. */
        DONE,
        /** It is being written into a file. */
        WRITING,
        /** It is made or has failed, and its router has not said that it knows. */
        ENDED
    }

    private final String engineId;
    private final long number;
    private final PictureSizes.Made size;
    private final OptionalLong deadlineMillis;
    private GeneratePicture request;
    private State state = State.QUEUED;
    private Optional<Prepared> prepared = Optional.empty();
    private Optional<PictureEvent> end = Optional.empty();
    private Optional<LatentCheckpoint> begun;
    private List<String> warnings = List.of();
    private boolean joined;
    private boolean solo;
    private boolean stepped;
    private boolean paused;
    private int done;
    private int of;
    private int nextPreview;
    private int toldPlace;
    private long steppedMillis;
    private long checkpointMillis;
    private long heardMillis;
    private long toldMillis;

    /**
     * @param size that the model makes for it
     * @param number that no other picture here has had
     */
    PictureTask(GeneratePicture request, PictureSizes.Made size, long number, long now) {
        this.size = size;
        this.request = request;
        this.engineId = request.attempt().requestId() + "#" + number;
        this.number = number;
        this.deadlineMillis = request.share().deadlineMillis().isPresent()
                ? OptionalLong.of(now + request.share().deadlineMillis().getAsLong())
                : OptionalLong.empty();
        this.begun = request.begun();
        this.of = stepsOf(request.spec());
        this.done = request.begun().map(LatentCheckpoint::step).orElse(0);
        this.steppedMillis = now;
        this.checkpointMillis = now;
        this.heardMillis = now;
        this.toldMillis = now;
    }

    /** Fewer where it starts from another picture. */
    private static int stepsOf(PictureSpec spec) {
        return spec.source()
                .map(source -> Math.min(spec.steps(), (int) (spec.steps() * source.strength())))
                .orElse(spec.steps());
    }

    /** A newer attempt at the same picture: what has been done counts for it. */
    void becomes(GeneratePicture newer, long now) {
        request = newer;
        heardMillis = now;
        toldMillis = now;
        toldPlace = 0;
        end = end.map(event -> event instanceof PictureEvent.Made made
                ? new PictureEvent.Made(newer.attempt(), made.picture(), made.warnings())
                : event);
    }

    GeneratePicture request() {
        return request;
    }

    PictureSpec spec() {
        return request.spec();
    }

    Attempt attempt() {
        return request.attempt();
    }

    String engineId() {
        return engineId;
    }

    String tenant() {
        return request.tenant();
    }

    int weight() {
        return request.share().weight();
    }

    Priority priority() {
        return request.share().priority();
    }

    /** Orders pictures by when they came. */
    long arrival() {
        return number;
    }

    /** Pictures of one size share a pass. */
    PictureSizes.Made size() {
        return size;
    }

    /** Rows of the network. */
    int width() {
        return spec().guidance() > 1 ? 2 : 1;
    }

    long rowSteps() {
        return (long) width() * Math.max(0, of - done);
    }

    int sourceBytes() {
        return state == State.ENDED ? 0 : spec().source().map(Sources::bytes).orElse(0);
    }

    State state() {
        return state;
    }

    boolean isWorkLeft() {
        return state == State.QUEUED || state == State.PREPARING || state == State.READY;
    }

    boolean hasBegun() {
        return stepped || (state != State.QUEUED && !isWorkLeft());
    }

    /** Another one must be made alone. @return whether its router is to hear of it, each time: the word before may be lost */
    boolean pause() {
        paused = stepped && (isWorkLeft() || state == State.DONE);
        return paused;
    }

    /** It is in the next pass. @return whether that is news */
    boolean begins() {
        boolean news = !stepped || paused;
        paused = false;
        return news;
    }

    boolean isLate(long now) {
        return !stepped && begun.isEmpty() && deadlineMillis.isPresent() && now >= deadlineMillis.getAsLong();
    }

    void preparing() {
        state = State.PREPARING;
    }

    void prepared(Prepared what) {
        prepared = Optional.of(what);
        state = State.READY;
    }

    Prepared whatWasPrepared() {
        return prepared.orElseThrow();
    }

    Optional<Pass.Join> join() {
        return joined
                ? Optional.empty()
                : Optional.of(
                        new Pass.Join(engineId, tenant(), prepared.orElseThrow().request(), begun));
    }

    /** It goes from its beginning: where it was to go on was no place of it. */
    boolean forgetBegun() {
        boolean had = begun.isPresent();
        begun = Optional.empty();
        done = 0;
        return had;
    }

    void joined(List<String> toTell) {
        joined = true;
        warnings = toTell;
        begun = Optional.empty();
    }

    void progress(int newDone, int newOf, boolean moved, long now) {
        done = newDone;
        of = newOf;
        if (moved) {
            stepped = true;
            solo = false;
            steppedMillis = now;
        }
        if (done == of) {
            state = State.DONE;
        }
    }

    int done() {
        return done;
    }

    int of() {
        return of;
    }

    List<String> warnings() {
        return warnings;
    }

    long sinceStep(long now) {
        return now - steppedMillis;
    }

    /** @return whether a checkpoint is due with the next step */
    boolean checkpointDue(long now, long everyMillis) {
        return now - checkpointMillis >= everyMillis;
    }

    void checkpointTold(long now) {
        checkpointMillis = now;
    }

    /** @return whether a picture of its way is due once its next step is done; the last step shows the picture itself */
    boolean previewDue() {
        int wanted = spec().previews();
        int next = done + 1;
        return nextPreview < wanted && next < of && (long) next * (wanted + 1) >= (long) of * (nextPreview + 1);
    }

    int takePreview() {
        return nextPreview++;
    }

    boolean isAlone() {
        return solo || request.alone();
    }

    /** A pass that it was in has failed: the next one has nothing else. */
    void goesAlone() {
        solo = true;
    }

    boolean wasSolo() {
        return solo;
    }

    void writing() {
        state = State.WRITING;
    }

    void ended(PictureEvent how) {
        end = Optional.of(how);
        state = State.ENDED;
        prepared = Optional.empty();
    }

    PictureEvent event(int place) {
        return end.orElseGet(() -> hasBegun() && !paused
                ? new PictureEvent.Step(attempt(), done, of, Optional.empty(), Optional.empty())
                : new PictureEvent.Waiting(attempt(), place));
    }

    void heard(long now) {
        heardMillis = now;
    }

    boolean isForgotten(long now, long silenceMillis) {
        return now - heardMillis >= silenceMillis;
    }

    /** @return whether an end is to be told again */
    boolean tellsAgain(long now, long everyMillis) {
        if (state != State.ENDED || now - toldMillis < everyMillis) {
            return false;
        }
        toldMillis = now;
        return true;
    }

    /** @return whether its place is another one than was told last */
    boolean movedTo(int place) {
        boolean moved = place != toldPlace;
        toldPlace = place;
        return moved;
    }
}
