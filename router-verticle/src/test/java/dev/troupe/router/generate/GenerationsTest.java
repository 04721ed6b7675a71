package dev.troupe.router.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.Address;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.RequestAddress;
import dev.troupe.cluster.message.Admission.Admitted;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.RouterConfig;
import dev.troupe.router.TinyModel;
import dev.troupe.router.api.ApiError;
import dev.troupe.router.prompt.ServedModel;
import dev.troupe.router.replica.ReplicaDirectory;
import dev.troupe.router.replica.ReplicaKey;
import dev.troupe.router.stream.Delta;
import dev.troupe.router.stream.StopStrings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What generations say to the pool, and how often, under a clock that is set by hand. */
class GenerationsTest {
    private static final ServedModel MODEL = ServedModel.from(TinyModel.card("tiny", "fingerprint"));
    private static final long SILENCE = RouterConfig.DEFAULT.streamSilence().toMillis();
    private static final long SWEEP = 200;

    private final List<Object> sent = new ArrayList<>();
    private final List<GenerateRequest> asked = new ArrayList<>();
    private final List<Long> probes = new ArrayList<>();
    private long now;
    private final ReplicaDirectory directory = new ReplicaDirectory(Long.MAX_VALUE);
    private final Generations generations = new Generations(pool());
    /** Requests are admitted when it completes. */
    private Promise<Void> busy = done();

    @Test
    void streamsThatRunInStepAreAcknowledgedInOneMessage() {
        generations.start(spec("one"), new Deaf());
        generations.start(spec("two"), new Deaf());

        generations.take(new TokenBatch("replica", List.of(run("one", 0, 32), run("two", 0, 32))));

        assertThat(sent)
                .containsExactly(new StreamAcks(List.of(
                        new StreamAck(new Attempt("one", 1), 0, 32), new StreamAck(new Attempt("two", 1), 0, 32))));
    }

    @Test
    void aStreamThatWaitsIsAskedAboutLessAndLessOftenAndNothingElseIsSaid() {
        generations.start(spec("one"), new Deaf());

        passUntil(120_000);

        assertThat(probes)
                .startsWith(SILENCE, 3 * SILENCE, 7 * SILENCE)
                .hasSizeLessThan(15)
                .hasSizeGreaterThan(7);
        assertThat(sent).as("nothing has come that could be acknowledged").isEmpty();
    }

    @Test
    void aStreamThatHasSpokenIsAskedAboutSoonAgain() {
        generations.start(spec("one"), new Deaf());
        passUntil(60_000);
        generations.take(new TokenBatch("replica", List.of(run("one", 0, 1))));
        long spoken = now;
        probes.clear();

        passUntil(spoken + 3 * SILENCE);

        assertThat(probes.get(0)).isEqualTo(spoken + SILENCE);
        assertThat(sent).as("a probe is followed by what may have been lost").isNotEmpty();
    }

    @Test
    void aRequestWaitsForTheOnlyReplicaThoughItIsSilent() {
        busy = Promise.promise();
        Patient client = new Patient();
        generations.start(spec("one"), client);

        generations.replicaSilent(new ReplicaKey("replica", 1));
        assertThat(client.told).isEmpty();
        busy.complete();

        assertThat(client.told).containsExactly("admitted");
        assertThat(sent).as("nothing was taken back").isEmpty();
    }

    @Test
    void aRequestLeavesASilentReplicaForAnother() {
        busy = Promise.promise();
        Patient client = startedWithTwoReplicas();

        busy = done();
        generations.replicaSilent(new ReplicaKey("replica", 1));

        assertThat(client.told).containsExactly("admitted");
        assertThat(sent).containsExactly(new Cancel(new Attempt("one", 1)));
    }

    @Test
    void replicasThatAreOnlySilentHaveNotDiedOfARequest() {
        Patient client = startedWithTwoReplicas();

        for (int i = 0; i < 5; i++) {
            generations.replicaSilent(new ReplicaKey("replica", 1));
            generations.replicaSilent(new ReplicaKey("another", 1));
        }

        assertThat(client.told).containsExactly("admitted");
    }

    @Test
    void replicasThatFellSilentAndThenLeftHaveDied() {
        Patient client = startedWithTwoReplicas();

        leaveBothSilentAndBury(3, this::isComputed, replica -> {});

        assertThat(client.told).containsExactly("admitted", "worker_killed");
    }

    @Test
    void whatOnlyWaitedWhereReplicasDiedIsInnocent() {
        Patient client = startedWithTwoReplicas();

        leaveBothSilentAndBury(5, () -> {}, replica -> {});

        assertThat(client.told).containsExactly("admitted");
    }

    @Test
    void whatRunsAloneIsComputedFromTheBeginning() {
        Patient client = startedWithTwoReplicas();
        for (String replica : List.of("replica", "another")) {
            isComputed();
            generations.nodeLeft("node of " + replica);
        }

        generations.nodeLeft("node of replica");

        assertThat(client.told).containsExactly("admitted", "worker_killed");
    }

    /** Its answer is lost with it, and the connection ends before the cluster knows. */
    @Test
    void aProcessThatDiesBeforeItHasAnsweredHasDied() {
        Patient client = startedWithTwoReplicas();
        for (String replica : List.of("replica", "another")) {
            isComputed();
            busy = Promise.promise();
            generations.nodeLeft("node of " + replica);
        }

        generations.replicaGone(new ReplicaKey("replica", 1));
        generations.nodeLeft("node of replica");

        assertThat(client.told).containsExactly("admitted", "worker_killed");
    }

    @Test
    void replicasThatFellSilentAndThenDrainedHaveNotDied() {
        Patient client = startedWithTwoReplicas();

        leaveBothSilentAndBury(
                5, this::isComputed, replica -> generations.replicaIs(replica, Heartbeat.State.DRAINING));

        assertThat(client.told).containsExactly("admitted");
    }

    @Test
    void workersThatAreLostAgainAndAgainEndARequestAndThoseThatAreSilentDoNot() {
        Patient client = new Patient();
        generations.start(spec("one"), client);

        for (int i = 0; i < 3; i++) {
            isComputed();
            generations.replicaIs(new ReplicaKey("replica", 1), Heartbeat.State.EVACUATING);
            generations.replicaIs(new ReplicaKey("replica", 1), Heartbeat.State.READY);
        }
        assertThat(client.told).containsExactly("admitted");
        for (int i = 0; i < 3; i++) {
            isComputed();
            generations.replicaIs(new ReplicaKey("replica", 1), Heartbeat.State.WORKER_LOST);
            generations.replicaIs(new ReplicaKey("replica", 1), Heartbeat.State.WORKER_LOST);
            generations.replicaIs(new ReplicaKey("replica", 1), Heartbeat.State.READY);
            // One that must run alone waits until somebody takes it.
            passUntil(now + 5 * SWEEP);
        }
        assertThat(client.told).containsExactly("admitted", "worker_killed");
    }

    private Patient startedWithTwoReplicas() {
        Patient client = new Patient();
        generations.start(spec("one"), client);
        directory.heard(beat("another"), now);
        return client;
    }

    private void leaveBothSilentAndBury(int times, Runnable before, Consumer<ReplicaKey> last) {
        for (int i = 0; i < times; i++) {
            for (String replica : List.of("replica", "another")) {
                before.run();
                ReplicaKey key = new ReplicaKey(replica, 1);
                generations.replicaSilent(key);
                last.accept(key);
                generations.nodeLeft("node of " + replica);
            }
        }
    }

    /** As a batcher says before its worker gets it. */
    private void isComputed() {
        TokenRun beginning = new TokenRun(
                asked.get(asked.size() - 1).attempt(), 0, 0, TokenIds.EMPTY, List.of(), 0, Optional.empty());
        generations.take(new TokenBatch("replica", List.of(beginning)));
    }

    @Test
    void aReplicaThatSaysItselfThatItIsGoneIsNotWaitedFor() {
        busy = Promise.promise();
        Patient client = new Patient();
        generations.start(spec("one"), client);

        generations.replicaGone(new ReplicaKey("replica", 1));

        assertThat(client.told).containsExactly("no_replica");
    }

    @Test
    void theTimeUntilTheFirstTokenRunsOnWhileAnotherReplicaIsAsked() {
        busy = Promise.promise();
        generations.start(hurried("one", 5_000), new Deaf());
        directory.heard(beat("another"), now);

        now += 2_000;
        generations.replicaGone(new ReplicaKey("replica", 1));

        assertThat(asked)
                .extracting(request -> request.share().deadlineMillis().getAsLong())
                .containsExactly(5_000L, 3_000L);
        assertThat(asked.get(1).begun()).as("nobody has taken it yet").isEmpty();
    }

    @Test
    void whatWasTakenOnceSaysSoAndHasNoDeadlineOnceItHasSpoken() {
        generations.start(hurried("one", 5_000), new Deaf());
        directory.heard(beat("another"), now);
        generations.replicaIs(new ReplicaKey("replica", 1), Heartbeat.State.DRAINING);
        assertThat(asked.get(1).begun()).containsExactly(new GenerateRequest.Begun(TokenIds.EMPTY, false));
        assertThat(asked.get(1).share().deadlineMillis()).hasValue(5_000);

        generations.take(new TokenBatch("another", List.of(run(asked.get(1).attempt(), 0, 3))));
        directory.heard(beat("third"), now);
        generations.replicaIs(new ReplicaKey("another", 1), Heartbeat.State.EVACUATING);

        assertThat(asked.get(2).begun().get(0).tokens().size()).isEqualTo(3);
        assertThat(asked.get(2).share().deadlineMillis()).isEmpty();
    }

    @Test
    void whatWaitsForAReplicaEndsAtItsDeadline() {
        Patient client = new Patient();
        generations.start(hurried("one", 5_000), client);
        directory.nodeLeft("node of replica");
        generations.nodeLeft("node of replica");

        passUntil(4_800);
        assertThat(client.told).containsExactly("admitted");
        passUntil(5_000);

        assertThat(client.told).containsExactly("admitted", "deadline_unreachable");
    }

    private static GenerationSpec hurried(String id, long millis) {
        GenerationSpec spec = spec(id);
        return new GenerationSpec(
                id,
                spec.tenant(),
                spec.model(),
                spec.prompt(),
                spec.choices(),
                spec.sampling(),
                spec.stops(),
                spec.place(),
                spec.conversation(),
                Share.EQUAL.within(OptionalLong.of(millis)));
    }

    private static Promise<Void> done() {
        Promise<Void> done = Promise.promise();
        done.complete();
        return done;
    }

    private void passUntil(long then) {
        while (now < then) {
            now += SWEEP;
            generations.sweep(now);
        }
    }

    private Pool pool() {
        directory.heard(beat("replica"), now);
        return new Pool(
                new FakeBus(), "router", directory, new NoJournal(), new NoTimers(), RouterConfig.DEFAULT, () -> now);
    }

    private static Heartbeat beat(String replicaId) {
        return new Heartbeat(
                replicaId,
                "node of " + replicaId,
                1,
                1,
                Heartbeat.State.READY,
                "tiny",
                "fingerprint",
                TinyModel.CONTEXT,
                new Heartbeat.Load(0, 0, 0, 0),
                List.of());
    }

    private static GenerationSpec spec(String id) {
        SamplingParams sampling = new SamplingParams(
                1, 1, OptionalInt.empty(), 0, 0, 0, 1, Map.of(), 1, OptionalInt.empty(), 500, TokenIds.EMPTY);
        return new GenerationSpec(id, "tenant", MODEL, TokenIds.of('h', 'i'), 1, sampling, StopStrings.NONE);
    }

    private static TokenRun run(String id, int from, int count) {
        return run(new Attempt(id, 1), from, count);
    }

    private static TokenRun run(Attempt attempt, int from, int count) {
        TokenIds tokens = TinyModel.tokens("x".repeat(count));
        return new TokenRun(attempt, 0, from, tokens, List.of(), 0, Optional.empty());
    }

    /** Answers that all is well, at once unless it is {@link #busy}. */
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
            return answer(message).map(to.answer()::cast);
        }

        private Future<Object> answer(Object question) {
            if (question instanceof GenerateRequest request) {
                asked.add(request);
                return busy.future().map(done -> new Admitted(request.attempt()));
            }
            assertThat(question).isInstanceOf(StreamProbe.class);
            probes.add(now);
            return Future.succeededFuture(new StreamState(StreamState.Status.ALIVE));
        }

        @Override
        public <T> Future<Void> consume(Address<T> at, Consumer<T> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T, R> Future<Void> answer(RequestAddress<T, R> at, Function<T, Future<R>> handler) {
            throw new UnsupportedOperationException();
        }
    }

    /** Nothing takes long here. */
    private static final class NoTimers implements Pool.Timers {
        @Override
        public void after(long millis, Runnable task) {}

        @Override
        public void run(Runnable task) {
            task.run();
        }
    }

    private static class Deaf implements GenerationListener {
        @Override
        public void admitted() {}

        @Override
        public void missing() {}

        @Override
        public void moved(int tokens) {}

        @Override
        public void received(int tokens) {}

        @Override
        public void text(int choice, Delta delta) {}

        @Override
        public void flush() {}

        @Override
        public boolean full() {
            return false;
        }

        @Override
        public void ended() {}

        @Override
        public void failed(ApiError error) {
            throw new AssertionError(error);
        }

        @Override
        public void taken() {
            throw new AssertionError("nobody else is there");
        }
    }

    /** Waits to be told whether it is admitted. */
    private static final class Patient extends Deaf {
        private final List<String> told = new ArrayList<>();

        @Override
        public void admitted() {
            told.add("admitted");
        }

        @Override
        public void failed(ApiError error) {
            told.add(error.code().orElseThrow());
        }
    }
}
