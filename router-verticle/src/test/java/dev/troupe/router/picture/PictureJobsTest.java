package dev.troupe.router.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cache.journal.Outcome;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.MemoryPictureJournal;
import dev.troupe.cluster.Address;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.RequestAddress;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.GeneratePicture;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.PictureAck;
import dev.troupe.cluster.message.PictureEvent;
import dev.troupe.cluster.message.PictureFound;
import dev.troupe.cluster.message.PictureHeartbeat;
import dev.troupe.cluster.message.PictureNews;
import dev.troupe.cluster.message.PicturePlace;
import dev.troupe.cluster.message.StopStream;
import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.LatentCheckpoint;
import dev.troupe.cluster.picture.PictureModel;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.api.ApiException;
import dev.troupe.router.generate.Pool;
import dev.troupe.router.picture.PictureStatus.State;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What jobs say to the pool and to whoever waits, under a clock that is set by hand. */
class PictureJobsTest {
    private static final EncodedPicture FILE = new EncodedPicture(PictureType.PNG, new byte[] {1});
    private static final LatentCheckpoint CHECKPOINT = new LatentCheckpoint(8, new float[] {1}, new float[] {2});

    private final MemoryPictureJournal journal = new MemoryPictureJournal();
    private final List<Object> sent = new ArrayList<>();
    private final List<GeneratePicture> asked = new ArrayList<>();
    private final List<String> askedAt = new ArrayList<>();
    private final Map<String, EncodedPicture> kept = new HashMap<>();
    private final List<Runnable> later = new ArrayList<>();
    private final List<PictureStatus> moves = new ArrayList<>();
    private final List<PictureStatus> ends = new ArrayList<>();
    private final PictureJobs jobs = new PictureJobs(pool("router-1"));
    private Function<GeneratePicture, Admission> worker = request -> new Admission.Admitted(request.attempt());
    private Optional<PictureEvent> found = Optional.empty();
    private Optional<PicturePlace> elsewhere = Optional.empty();
    private boolean storeFails;
    private Optional<ApiError> noRoom = Optional.empty();
    private long now = 1_000;

    @Test
    void orderIsWrittenDownBeforeAWorkerHearsOfIt() {
        beat("w1");
        worker = request -> {
            assertThat(journal.all()).hasSize(1);
            return new Admission.Admitted(request.attempt());
        };

        assertThat(start("img_1").succeeded()).isTrue();
        assertThat(asked).hasSize(1);
    }

    @Test
    void pictureIsKeptBeforeAnybodyIsToldAndAcknowledgedAfterItsEndIsWrittenDown() {
        beat("w1");
        start("img_1");
        storeFails = true;
        news("w1", new PictureEvent.Made(last(), FILE, List.of()));
        assertThat(ends).isEmpty();
        assertThat(sent).noneMatch(PictureAck.class::isInstance);
        assertThat(written("img_1").sealed()).isTrue();

        storeFails = false;
        runLater();

        assertThat(kept).containsEntry("img_1", FILE);
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.state())
                .isEqualTo(State.COMPLETED));
        assertThat(written("img_1").outcome()).contains(Outcome.DONE);
        assertThat(sent).contains(new PictureAck(last()));
        assertThat(jobs.size()).isZero();
    }

    @Test
    void pictureForWhichThereIsNoRoomEndsWithThatAndIsNotTriedAgain() {
        beat("w1");
        start("img_1");
        noRoom = Optional.of(ApiError.rateLimited("No room is left.", 1));
        news("w1", new PictureEvent.Made(last(), FILE, List.of()));
        noRoom = Optional.empty();
        runLater();

        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.state()).isEqualTo(State.FAILED);
            assertThat(end.error().orElseThrow().message()).isEqualTo("No room is left.");
        });
        assertThat(kept).isEmpty();
        assertThat(jobs.size()).isZero();
    }

    @Test
    void lostWorkersPictureGoesOnElsewhereFromItsCheckpointAndTheOldOneIsNotHeard() {
        beat("w1");
        start("img_1");
        Attempt first = last();
        news("w1", new PictureEvent.Step(first, 8, 20, Optional.of(CHECKPOINT), Optional.empty()));
        news("w1", new PictureEvent.Step(first, 9, 20, Optional.empty(), Optional.empty()));
        beat("w2");
        jobs.nodeLeft("node-w1");

        assertThat(askedAt).containsExactly("w1", "w2");
        assertThat(asked.get(1).begun()).contains(CHECKPOINT);
        assertThat(last().epoch()).isGreaterThan(first.epoch());
        news("w2", new PictureEvent.Step(last(), 9, 20, Optional.empty(), Optional.empty()));
        news("w1", new PictureEvent.Made(first, FILE, List.of()));
        assertThat(kept).isEmpty();
        assertThat(sent).contains(new PictureAck(first));
        assertThat(moves).extracting(PictureStatus::done).isSorted();
    }

    @Test
    void silentAttemptIsProbedAndOneThatIsUnknownIsBegunAgain() {
        beat("w1");
        start("img_1");
        found = Optional.of(new PictureEvent.Step(last(), 3, 20, Optional.empty(), Optional.empty()));
        pass(2_500);
        assertThat(asked).hasSize(1);
        assertThat(moves.get(moves.size() - 1).done()).isEqualTo(3);

        found = Optional.empty();
        pass(2_500);
        assertThat(asked).hasSize(2);
    }

    @Test
    void fullPoolRefusesWithATimeToComeBackAndKeepsNothingOfTheOrder() {
        beat("w1");
        beat("w2");
        worker = request -> new Admission.Refused(request.attempt(), ErrorCode.QUEUE_FULL, "full", 7_000);

        Future<Void> started = start("img_1");

        assertThat(askedAt).containsExactlyInAnyOrder("w1", "w2");
        assertThat(started.cause()).isInstanceOfSatisfying(ApiException.class, refused -> {
            assertThat(refused.error().status()).isEqualTo(429);
            assertThat(refused.error().retryAfterSeconds()).hasValue(7);
        });
        assertThat(journal.all()).isEmpty();
        assertThat(ends).isEmpty();
        assertThat(moves).isEmpty();
    }

    @Test
    void whatIsWrongWithARequestIsToldAtOnce() {
        beat("w1");
        beat("w2");
        worker = request -> new Admission.Refused(request.attempt(), ErrorCode.INVALID_REQUEST, "size", 0);

        assertThat(start("img_1").cause()).isInstanceOfSatisfying(ApiException.class, refused -> assertThat(
                        refused.error().status())
                .isEqualTo(400));
        assertThat(asked).hasSize(1);
    }

    @Test
    void withoutAWorkerNothingIsAccepted() {
        assertThat(start("img_1").cause()).isInstanceOfSatisfying(ApiException.class, refused -> assertThat(
                        refused.error().status())
                .isEqualTo(503));
        assertThat(journal.all()).isEmpty();
    }

    @Test
    void pictureThatFindsNoWorkerForAMinuteFails() {
        beat("w1");
        start("img_1");
        jobs.nodeLeft("node-w1");
        pass(59_000);
        assertThat(ends).isEmpty();
        assertThat(jobs.status("t", "img_1").result()).get().satisfies(status -> assertThat(status.state())
                .isEqualTo(State.QUEUED));
        pass(2_000);

        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end.error().orElseThrow().code()).contains("no_replica_left"));
        assertThat(jobs.status("t", "img_1")
                        .result()
                        .orElseThrow()
                        .error()
                        .orElseThrow()
                        .code())
                .as("from the journal")
                .contains("no_replica_left");
    }

    @Test
    void cancelledIsForgottenByTheWorkerAndIsNotKeptWhenItIsMadeAllTheSame() {
        beat("w1");
        start("img_1");

        assertThat(jobs.cancel("other", "img_1").result()).as("another tenant").isFalse();
        assertThat(jobs.cancel("t", "img_1").result()).isTrue();
        news("w1", new PictureEvent.Made(last(), FILE, List.of()));

        assertThat(sent).contains(new Cancel(last()));
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.state())
                .isEqualTo(State.CANCELLED));
        assertThat(kept).isEmpty();
        assertThat(jobs.status("t", "img_1").result().orElseThrow().state()).isEqualTo(State.CANCELLED);
        assertThat(jobs.status("other", "img_1").result()).isEmpty();
    }

    @Test
    void madeIsNotCancelledAnyMore() {
        beat("w1");
        start("img_1");
        storeFails = true;
        news("w1", new PictureEvent.Made(last(), FILE, List.of()));

        assertThat(jobs.cancel("t", "img_1").result()).isFalse();
        storeFails = false;
        runLater();
        assertThat(ends).singleElement().satisfies(end -> assertThat(end.state())
                .isEqualTo(State.COMPLETED));
    }

    @Test
    void anotherRoutersJobIsAskedOfItAndStoppedThere() {
        beat("w1");
        start("img_1");
        PictureJobs other = new PictureJobs(pool("router-2"));

        assertThat(other.status("t", "img_1").result().orElseThrow().state())
                .as("its owner is silent")
                .isEqualTo(State.QUEUED);
        elsewhere = Optional.of(new PicturePlace(0, 5, 20));
        assertThat(other.status("t", "img_1").result()).get().satisfies(status -> {
            assertThat(status.state()).isEqualTo(State.RUNNING);
            assertThat(status.done()).isEqualTo(5);
        });
        assertThat(other.cancel("t", "img_1").result()).isTrue();
        assertThat(sent).contains(new StopStream("img_1"));
    }

    @Test
    void adoptedGoesToTheWorkerThatHasItWithAGreaterEpoch() {
        beat("w1");
        start("img_1");
        Attempt first = last();
        PictureJobs other = new PictureJobs(pool("router-2"));
        other.heard(heartbeat("w0", Heartbeat.State.READY, 0), now);
        other.heard(heartbeat("w1", Heartbeat.State.READY, 900), now);

        other.adopt("router-1");

        assertThat(askedAt).containsExactly("w1", "w1");
        assertThat(last().epoch()).isGreaterThan(first.epoch());
        assertThat(asked.get(1).routerId()).isEqualTo("router-2");
        other.hear(new PictureNews("w1", List.of(new PictureEvent.Made(last(), FILE, List.of()))));
        assertThat(kept).containsKey("img_1");

        news("w1", new PictureEvent.Made(first, FILE, List.of()));
        assertThat(ends).as("the old owner finds that it is over").hasSize(1);
        assertThat(ends.get(0).state()).isEqualTo(State.FAILED);
        assertThat(ends.get(0).error().orElseThrow().code()).contains("moved");
    }

    @Test
    void pictureThatKillsThreeWorkersIsNotTriedAgain() {
        beat("w1");
        start("img_1");
        for (int death = 1; death <= 3; death++) {
            assertThat(asked.get(death - 1).alone()).isEqualTo(death == 3);
            news("w" + death, new PictureEvent.Step(last(), 4, 20, Optional.empty(), Optional.empty()));
            beat("w" + (death + 1));
            jobs.nodeLeft("node-w" + death);
        }

        assertThat(asked).hasSize(3);
        assertThat(ends)
                .singleElement()
                .satisfies(end -> assertThat(end.error().orElseThrow().code()).contains("worker_killed"));
    }

    @Test
    void whatHasNotBegunLeavesADrainingWorkerAndWhatRunsStays() {
        beat("w1");
        start("img_1");
        start("img_2");
        news("w1", new PictureEvent.Waiting(asked.get(0).attempt(), 1));
        news("w1", new PictureEvent.Step(asked.get(1).attempt(), 1, 20, Optional.empty(), Optional.empty()));
        beat("w2");
        jobs.heard(heartbeat("w1", Heartbeat.State.DRAINING, 0), now);
        jobs.sweep(now);

        assertThat(askedAt).containsExactly("w1", "w1", "w2");
        assertThat(last().requestId()).isEqualTo("img_1");
        jobs.heard(heartbeat("w1", Heartbeat.State.EVACUATING, 0), now);
        jobs.sweep(now);
        assertThat(last().requestId()).isEqualTo("img_2");
    }

    private Future<Void> start(String id) {
        PictureSpec spec =
                new PictureSpec("m", "p", "", 64, 64, 20, 1, "euler", 1, Optional.empty(), PictureOutput.PNG, 0);
        PictureOrder order = new PictureOrder(
                id,
                "t",
                Optional.empty(),
                "weights",
                Share.EQUAL,
                spec,
                new PictureOrder.Lineage("p", Optional.empty(), Optional.empty(), Optional.empty()),
                0);
        return jobs.start(order, new PictureListener() {
            @Override
            public void moved(PictureStatus status) {
                moves.add(status);
            }

            @Override
            public void preview(int index, EncodedPicture picture) {
                throw new AssertionError("none was asked for");
            }

            @Override
            public void ended(PictureStatus status) {
                ends.add(status);
            }
        });
    }

    private Attempt last() {
        return asked.get(asked.size() - 1).attempt();
    }

    private JournaledPicture written(String id) {
        return journal.all().stream()
                .filter(order -> order.head().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void news(String worker, PictureEvent event) {
        jobs.hear(new PictureNews(worker, List.of(event)));
    }

    private void beat(String id) {
        jobs.heard(heartbeat(id, Heartbeat.State.READY, 0), now);
    }

    private long beats;

    private PictureHeartbeat heartbeat(String id, Heartbeat.State state, long rowSteps) {
        return new PictureHeartbeat(
                id,
                "node-" + id,
                1,
                ++beats,
                state,
                new PictureModel("m", "f", List.of(new PictureModel.Size(64, 64)), List.of("euler"), 20, 7.5, false),
                new PictureHeartbeat.Load(0, 0, rowSteps));
    }

    /** Time goes by, and sweeps with it; heartbeats are not what is asked about here. */
    private void pass(long millis) {
        long end = now + millis;
        while (now < end) {
            now += 200;
            jobs.sweep(0);
        }
    }

    private void runLater() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    private PicturePool pool(String routerId) {
        return new PicturePool(
                new FakeBus(),
                routerId,
                journal,
                new FakeKeeper(),
                new Pool.Timers() {
                    @Override
                    public void after(long millis, Runnable task) {
                        later.add(task);
                    }

                    @Override
                    public void run(Runnable task) {
                        task.run();
                    }
                },
                PicturePool.PictureTimes.DEFAULT,
                () -> now);
    }

    private final class FakeKeeper implements PictureKeeper {
        @Override
        public Future<Void> keep(PictureOrder order, EncodedPicture picture, List<String> warnings) {
            if (noRoom.isPresent()) {
                return Future.failedFuture(new ApiException(noRoom.get()));
            }
            if (storeFails) {
                return Future.failedFuture("the store is not there");
            }
            kept.put(order.id(), picture);
            return Future.succeededFuture();
        }

        @Override
        public Future<Optional<Kept>> find(String tenant, String id) {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public Future<Optional<EncodedPicture>> content(String tenant, String id) {
            return Future.succeededFuture(Optional.ofNullable(kept.get(id)));
        }

        @Override
        public Future<List<Kept>> conversation(String tenant, String conversation) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Boolean> delete(String tenant, String id) {
            return Future.succeededFuture(kept.remove(id) != null);
        }
    }

    private final class FakeBus implements Bus {
        @Override
        public <T> void send(Address<T> to, T message) {
            sent.add(message);
        }

        @Override
        public <T> void publish(Address<T> to, T message) {
            sent.add(message);
        }

        @Override
        public <T, R> Future<R> request(RequestAddress<T, R> to, T message, Duration timeout) {
            if (message instanceof GeneratePicture request) {
                asked.add(request);
                askedAt.add(to.name().substring(to.name().lastIndexOf('.') + 1));
                return Future.succeededFuture(to.answer().cast(worker.apply(request)));
            }
            if (to.answer() == PictureFound.class) {
                return Future.succeededFuture(to.answer().cast(new PictureFound(found)));
            }
            return elsewhere
                    .map(place -> Future.succeededFuture(to.answer().cast(place)))
                    .orElseGet(() -> Future.failedFuture("silent"));
        }

        @Override
        public <T> Future<Void> consume(Address<T> at, Consumer<T> handler) {
            return Future.succeededFuture();
        }

        @Override
        public <T, R> Future<Void> answer(RequestAddress<T, R> at, Function<T, Future<R>> handler) {
            return Future.succeededFuture();
        }
    }
}
