package dev.troupe.batcher;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.batcher.ReplicaSpec.KvPlan;
import dev.troupe.batcher.fair.Price;
import dev.troupe.batcher.sim.FakeModel;
import dev.troupe.batcher.sim.FakeWorker;
import dev.troupe.cache.service.ServiceLedger;
import dev.troupe.cache.service.ServiceReport;
import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.Cluster;
import dev.troupe.cluster.ClusterOptions;
import dev.troupe.cluster.message.Admission;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.Cancel;
import dev.troupe.cluster.message.ErrorCode;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.GenerateRequest;
import dev.troupe.cluster.message.Heartbeat;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.StreamAcks;
import dev.troupe.cluster.message.StreamProbe;
import dev.troupe.cluster.message.StreamState;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import io.prometheus.client.CollectorRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Router and worker in one member of a real cluster, the batcher in another, so that every message travels as bytes. */
class BatcherVerticleTest {
    private static final int ANSWER_MILLIS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ReplicaSpec REPLICA =
            new ReplicaSpec("r1", "node", "model", "fingerprint", 1024, 500, new KvPlan(4, 1024, 64));

    private final BlockingQueue<TokenRun> tokens = new LinkedBlockingQueue<>();
    private final BlockingQueue<Heartbeat> heartbeats = new LinkedBlockingQueue<>();
    private final BlockingQueue<StepPlan> plans = new LinkedBlockingQueue<>();
    private final CollectorRegistry registry = new CollectorRegistry();
    private final BlockingQueue<Map<String, ServiceReport>> reports = new LinkedBlockingQueue<>();
    private final CompletableFuture<Map<String, Double>> poolsAnswer = new CompletableFuture<>();
    private final ServiceLedger ledger = (model, report) -> {
        reports.add(report);
        return poolsAnswer;
    };
    private Cluster here;
    private Cluster there;
    private Bus bus;
    private BatcherVerticle batcher;
    private String deployment;

    @BeforeEach
    void start() throws Exception {
        here = await(Cluster.start(options(25701, List.of()), new VertxOptions()));
        there = await(Cluster.start(options(25751, List.of("127.0.0.1:" + here.port())), new VertxOptions()));
        bus = Bus.of(here.vertx());
        await(bus.consume(Addresses.heartbeats(), heartbeats::add));
        await(bus.consume(Addresses.tokens("router"), this::take));
        BatcherConfig config =
                new BatcherConfig(8, 128, 64, 4, 10, 1024, 60_000, ANSWER_MILLIS, 50, 300_000, 1_000, 20_000, 30_000);
        batcher = new BatcherVerticle(
                REPLICA, config, SharingConfig.DEFAULT, new PrometheusSchedulerMetrics(registry).of("model"), ledger);
        deployment = await(there.vertx().deployVerticle(batcher));
    }

    @AfterEach
    void stop() throws Exception {
        await(there.leave());
        await(here.leave());
    }

    private void take(TokenBatch batch) {
        tokens.addAll(batch.runs());
    }

    private void startWorker() throws Exception {
        startWorker(REPLICA.worker());
    }

    private void startWorker(ReplicaDescription description) throws Exception {
        startWorker(bus, description);
    }

    private void startWorker(Bus bus, ReplicaDescription description) throws Exception {
        startWorker(bus, description, answer -> Future.succeededFuture(answer));
    }

    /** @param pace in which it answers plans */
    private void startWorker(Bus bus, ReplicaDescription description, Function<StepAnswer, Future<StepAnswer>> pace)
            throws Exception {
        FakeWorker fake = new FakeWorker(REPLICA, 128, (router, batch) -> bus.send(Addresses.tokens(router), batch));
        await(bus.answer(Addresses.worker("r1"), plan -> {
            plans.add(plan);
            return pace.apply(fake.run(plan));
        }));
        await(bus.answer(Addresses.describe("r1"), question -> Future.succeededFuture(description)));
    }

    @Test
    void aRequestIsAdmittedGeneratedAndEnded() throws Exception {
        startWorker();
        GenerateRequest request = request("a", 30);

        assertThat(ask(request)).isEqualTo(new Admission.Admitted(request.attempt()));

        assertThat(textOf("a"))
                .isEqualTo(FakeModel.continuation(request.prompt(), 0, request.sampling(), 1024, 500)
                        .tokens());
        assertThat(probe(request.attempt())).isEqualTo(StreamState.Status.ENDED);
        bus.send(Addresses.acks("r1"), new StreamAcks(List.of(new StreamAck(request.attempt(), 0, 30))));
        awaitHeartbeat(beat -> beat.load().running() == 0 && beat.prefixes().size() == (40 + 29) / KvCopy.BLOCK_TOKENS);
        assertThat(sample("troupe_step_duration_seconds_count")).isEqualTo(sample("troupe_step_rows_count"));
        assertThat(sample("troupe_step_rows_sum")).isEqualTo(40 + 29);
        assertThat(sample("troupe_prefix_cache_queries_total")).isEqualTo(40);
        assertThat(sample("troupe_request_queue_time_seconds_count")).isEqualTo(1);
        assertThat(sample("troupe_num_requests_running")).isZero();
    }

    @Test
    void aWorkerThatComesLateStillGetsThePlan() throws Exception {
        GenerateRequest request = request("a", 5);
        ask(request);
        assertThat(probe(request.attempt())).isEqualTo(StreamState.Status.ALIVE);

        startWorker();

        assertThat(textOf("a").size()).isEqualTo(5);
    }

    @Test
    void aWorkerWithMoreMemoryServesAsWell() throws Exception {
        startWorker(new ReplicaDescription("model", "fingerprint", 1024, 500, 5, 1024, 65));

        ask(request("a", 5));

        assertThat(textOf("a").size()).isEqualTo(5);
        assertThat(batcher.ended().isComplete()).isFalse();
    }

    @Test
    void aWorkerThatIsGoneAndBackIsKnownAgainThoughNothingRuns() throws Exception {
        loseTheWorkerWithNothingRunning();

        startWorker();

        awaitHeartbeat(beat -> beat.state() == Heartbeat.State.READY);
    }

    @Test
    void aWorkerThatIsGoneAndBackAsAnotherIsFoundOutThoughNothingRuns() throws Exception {
        loseTheWorkerWithNothingRunning();

        startWorker(new ReplicaDescription("model", "fingerprint", 1024, 500, 3, 1024, 64));

        assertThat(await(batcher.ended())).contains("is not what it was");
    }

    @Test
    void aWorkerThatAnswersQuestionsMayComputeForLong() throws Exception {
        startWorker(
                bus,
                REPLICA.worker(),
                answer -> Future.fromCompletionStage(
                        CompletableFuture.supplyAsync(
                                () -> answer, CompletableFuture.delayedExecutor(ANSWER_MILLIS + 1_500, MILLISECONDS)),
                        here.vertx().getOrCreateContext()));

        ask(request("a", 1));

        assertThat(textOf("a").size()).isEqualTo(1);
        probe(new Attempt("a", 1));
        TimeUnit.MILLISECONDS.sleep(ANSWER_MILLIS + 3_000);
        assertThat(heartbeats).extracting(Heartbeat::state).containsOnly(Heartbeat.State.READY);
    }

    @Test
    void aWorkerThatAnswersNothingIsSilent() throws Exception {
        await(bus.answer(
                Addresses.worker("r1"), plan -> Promise.<StepAnswer>promise().future()));
        await(bus.answer(Addresses.describe("r1"), question -> Promise.<ReplicaDescription>promise()
                .future()));

        ask(request("a", 1));

        awaitHeartbeat(beat -> beat.state() == Heartbeat.State.EVACUATING);
    }

    private void loseTheWorkerWithNothingRunning() throws Exception {
        Cluster elsewhere =
                await(Cluster.start(options(25801, List.of("127.0.0.1:" + here.port())), new VertxOptions()));
        startWorker(Bus.of(elsewhere.vertx()), REPLICA.worker());
        GenerateRequest request = request("a", 5);
        ask(request);
        textOf("a");
        await(elsewhere.leave());
        // The worker was to be told this with the next plan.
        bus.send(Addresses.acks("r1"), new StreamAcks(List.of(new StreamAck(request.attempt(), 0, 5))));
        awaitHeartbeat(beat -> beat.state() == Heartbeat.State.WORKER_LOST);
    }

    @ParameterizedTest
    @MethodSource("others")
    void aWorkerThatBecameAnotherGetsNoPlanAndTheReplicaIsGone(ReplicaDescription other) throws Exception {
        startWorker(other);

        ask(request("a", 5));

        assertThat(await(batcher.ended())).contains("r1").contains("--model");
        awaitHeartbeat(beat -> beat.state() == Heartbeat.State.GONE);
        await(batcher.drain(Duration.ofMinutes(1)));
        assertThat(plans).isEmpty();
        assertThat(tokens).as("at most that it begins").allMatch(run -> run.endIndex() == 0);
    }

    static Stream<ReplicaDescription> others() {
        return Stream.of(
                new ReplicaDescription("another", "fingerprint", 1024, 500, 4, 1024, 64),
                new ReplicaDescription("model", "other weights", 1024, 500, 4, 1024, 64),
                new ReplicaDescription("model", "fingerprint", 1024, 500, 3, 1024, 64),
                new ReplicaDescription("model", "fingerprint", 1024, 500, 4, 1024, 63),
                new ReplicaDescription("model", "fingerprint", 512, 500, 8, 512, 64));
    }

    @Test
    void cancelEndsWhatWasWaiting() throws Exception {
        ask(request("a", 5));
        bus.send(Addresses.cancel("r1"), new Cancel(new Attempt("a", 1)));
        startWorker();

        TokenRun last = lastOf("a");

        assertThat(last.finish()).contains(FinishReason.CANCELLED);
    }

    @Test
    void drainingEndsWhatIsHereAndSaysSo() throws Exception {
        ask(request("a", 50));
        Future<Void> drained = batcher.drain(Duration.ofMinutes(1));
        // Without a worker it may have said already that streams had better go elsewhere.
        awaitHeartbeat(beat -> beat.state() != Heartbeat.State.READY);

        assertThat(ask(request("b", 5)))
                .isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.DRAINING));
        assertThat(drained.isComplete()).isFalse();
        startWorker();
        await(drained);
        assertThat(textOf("a").size()).isEqualTo(50);

        await(there.vertx().undeploy(deployment));
        awaitHeartbeat(beat -> beat.state() == Heartbeat.State.GONE);
    }

    @Test
    void aPoolThatDoesNotAnswerHoldsNobodyUpAndIsToldLater() throws Exception {
        startWorker();
        ask(request("a", 5));
        assertThat(textOf("a").size()).isEqualTo(5);
        assertThat(reports.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsOnlyKeys("local");
        ask(request("b", 5));
        assertThat(textOf("b").size()).isEqualTo(5);
        assertThat(reports).as("one question at a time").isEmpty();

        poolsAnswer.completeExceptionally(new IllegalStateException("no partition"));

        // 40 and 8 tokens of prompts, 32 from the cache, and ten of answers.
        double all = 40 + 8 + 32 * Price.CACHED + 10 * Price.GENERATED;
        ServiceReport report;
        do {
            report = reports.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).get("local");
        } while (report.served() < all - 1e-9);
        assertThat(report.served()).isCloseTo(all, within(1e-9));
    }

    private Admission ask(GenerateRequest request) throws Exception {
        return await(bus.request(Addresses.batcher("r1"), request, PATIENCE));
    }

    private StreamState.Status probe(Attempt attempt) throws Exception {
        return await(bus.request(Addresses.probe("r1"), new StreamProbe(attempt), PATIENCE))
                .status();
    }

    private TokenIds textOf(String id) throws Exception {
        TokenIds text = TokenIds.EMPTY;
        while (true) {
            TokenRun run = next(id);
            assertThat(run.firstIndex()).isEqualTo(text.size());
            text = text.concat(run.tokens());
            if (run.finish().isPresent()) {
                return text;
            }
        }
    }

    private TokenRun lastOf(String id) throws Exception {
        TokenRun run = next(id);
        while (run.finish().isEmpty()) {
            run = next(id);
        }
        return run;
    }

    private TokenRun next(String id) throws Exception {
        TokenRun run = tokens.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(run).as("a token in time").isNotNull();
        assertThat(run.attempt().requestId()).isEqualTo(id);
        return run;
    }

    private void awaitHeartbeat(Predicate<Heartbeat> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Heartbeat beat;
        do {
            beat = heartbeats.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertThat(beat).as("the heartbeat in time").isNotNull();
        } while (!wanted.test(beat));
    }

    private double sample(String name) {
        return registry.getSampleValue(name, new String[] {"model"}, new String[] {"model"});
    }

    private static GenerateRequest request(String id, int maxTokens) {
        int[] prompt = new int[40];
        prompt[0] = 7;
        return new GenerateRequest(
                id, 1, "local", "router", TokenIds.of(prompt), 1, SamplingParams.greedy(maxTokens, TokenIds.EMPTY));
    }

    private static ClusterOptions options(int port, List<String> join) {
        return new ClusterOptions("127.0.0.1", port, true, join, "batcher-test");
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
