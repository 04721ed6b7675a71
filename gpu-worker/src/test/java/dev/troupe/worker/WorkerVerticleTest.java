package dev.troupe.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.Attempt;
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
        await(vertx.deployVerticle(new WorkerVerticle("w", () -> {
            threads.complete(Thread.currentThread().getName());
            return new StepEngine("w", model, System::nanoTime);
        })));
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
        String id = await(
                vertx.deployVerticle(new WorkerVerticle("w", () -> new StepEngine("w", model, System::nanoTime))));
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
        String id = await(
                vertx.deployVerticle(new WorkerVerticle("w", () -> new StepEngine("w", model, System::nanoTime))));

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
        var deployed = vertx.deployVerticle(new WorkerVerticle("w", () -> {
            throw new IllegalStateException("no such file");
        }));
        assertThat(deployed.toCompletionStage().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("no such file");
    }
}
