package dev.troupe.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.wire.Codecs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerVerticleTest {
    private static final Attempt ATTEMPT = new Attempt("r", 1);
    private static final StepPlan PLAN = new StepPlan(
            9,
            1,
            true,
            List.of(),
            List.of(),
            List.of(new SequenceStart(
                    1,
                    ATTEMPT,
                    0,
                    "router",
                    TokenIds.of(3, 4),
                    TokenIds.EMPTY,
                    0,
                    SamplingParams.greedy(5, TokenIds.EMPTY))),
            List.of(),
            List.of(new StepPlan.Chunk(1, new SlotRef(0, 256, 0), 0, 2, true)),
            List.of(),
            List.of(),
            List.of());

    private final Vertx vertx = Vertx.vertx();
    private final FakeModel model = new FakeModel();

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void planIsRunOnTheModelThreadAndTokensReachTheirRouterBeforeTheAnswer() throws Exception {
        Codecs.registerAll(vertx.eventBus());
        var bus = Bus.of(vertx);
        var threads = new CompletableFuture<String>();
        var tokens = new CompletableFuture<TokenBatch>();
        await(bus.consume(Addresses.tokens("router"), tokens::complete));
        await(vertx.deployVerticle(new WorkerVerticle(
                "w",
                () -> {
                    threads.complete(Thread.currentThread().getName());
                    return new StepEngine("w", model, System::nanoTime);
                },
                PoolPrefixes.NONE)));
        assertThat(threads.getNow("none")).startsWith("model-w");

        var answer = await(bus.request(Addresses.worker("w"), PLAN, Duration.ofSeconds(20)));

        assertThat(((StepAnswer.StepResult) answer).sampled()).hasSize(1);
        assertThat(tokens.get(20, TimeUnit.SECONDS).runs().get(0).tokens()).isEqualTo(TokenIds.of(5));
        var again = await(bus.request(Addresses.resend("w"), new Resend(ATTEMPT, 0, 0), Duration.ofSeconds(20)));
        assertThat(again.runs().get(0).tokens()).isEqualTo(TokenIds.of(5));
    }

    @Test
    void undeployingClosesTheModel() throws Exception {
        Codecs.registerAll(vertx.eventBus());
        String id = await(vertx.deployVerticle(
                new WorkerVerticle("w", () -> new StepEngine("w", model, System::nanoTime), PoolPrefixes.NONE)));
        await(vertx.undeploy(id));
        assertThat(model.closed).isTrue();
    }

    @Test
    void aPlanThatComesWhileTheModelIsClosedIsNotRun() throws Exception {
        Codecs.registerAll(vertx.eventBus());
        var closing = new CountDownLatch(1);
        var mayClose = new CountDownLatch(1);
        model.onClose = () -> {
            closing.countDown();
            awaitQuietly(mayClose);
        };
        String id = await(vertx.deployVerticle(
                new WorkerVerticle("w", () -> new StepEngine("w", model, System::nanoTime), PoolPrefixes.NONE)));

        var gone = vertx.undeploy(id);
        closing.await();
        var answer = Bus.of(vertx).request(Addresses.worker("w"), PLAN, Duration.ofSeconds(2));
        assertThat(answer.toCompletionStage().toCompletableFuture()).failsWithin(Duration.ofSeconds(20));
        mayClose.countDown();
        await(gone);

        assertThat(model.closed).isTrue();
        assertThat(model.inputs).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void modelThatDoesNotLoadFailsTheDeployment() {
        var deployed = vertx.deployVerticle(new WorkerVerticle(
                "w",
                () -> {
                    throw new IllegalStateException("no such file");
                },
                PoolPrefixes.NONE));
        assertThat(deployed.toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("no such file");
    }

    @Test
    void whatAPlanExportsIsOfferedAndWhatWasFetchedIsImported() throws Exception {
        Codecs.registerAll(vertx.eventBus());
        var bus = Bus.of(vertx);
        var pool = new FakePool();
        await(vertx.deployVerticle(new WorkerVerticle("w", () -> new StepEngine("w", model, System::nanoTime), pool)));
        Arrays.fill(model.blocks, 0, 8, (byte) 7);
        TokenIds prefix = TokenIds.of(new int[64]);
        var export = new StepPlan.Export("t", prefix, List.of(0, 1, 2, 3, 4, 5, 6, 7));
        await(bus.request(Addresses.worker("w"), plan(1, List.of(), List.of(export)), Duration.ofSeconds(20)));

        assertThat(pool.chunk("fake", "t", prefix)).containsOnly(7).hasSize(8);

        var fetch = new PrefixFetch(9, 1, "t", prefix, 0);
        var fetched = await(bus.request(Addresses.fetch("w"), fetch, Duration.ofSeconds(20)));
        assertThat(fetched.tokens()).isEqualTo(64);
        var imported = new StepPlan.Import(1, 0, List.of(8, 9, 10, 11, 12, 13, 14, 15));
        var answer = await(
                bus.request(Addresses.worker("w"), plan(2, List.of(imported), List.of()), Duration.ofSeconds(20)));

        assertThat(answer).isInstanceOf(StepAnswer.StepResult.class);
        assertThat(Arrays.copyOfRange(model.blocks, 8, 16)).containsOnly(7);
    }

    private static StepPlan plan(long number, List<StepPlan.Import> imports, List<StepPlan.Export> exports) {
        return new StepPlan(
                9,
                number,
                number == 1,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                imports,
                exports);
    }
}
