package dev.troupe.bench.router;

import dev.troupe.cluster.Addresses;
import dev.troupe.cluster.Bus;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.ModelCardReply;
import dev.troupe.cluster.message.ReplicaDescription;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepAnswer.Sampled;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.models.ModelCard;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Answers plans as a worker does, at a given pace, and computes nothing. It forgets what it has sent, so nothing may get lost. */
final class CountingWorker extends VerticleBase {
    /** Tokens of the tiny tokenizer that are letters. */
    private static final int FIRST_LETTER = 3 + 'a';

    private static final long PAUSE_MILLIS = 20;

    private final String replicaId;
    private final ModelCard card;
    private final ReplicaDescription description;
    private final Map<Long, Running> running = new HashMap<>();
    private final AtomicLong tokens = new AtomicLong();
    private volatile long stepMillis;
    private volatile boolean paused;
    private long lastNumber;
    private Future<StepAnswer> lastAnswer = Future.failedFuture("no plan has come yet");
    private Bus bus;

    CountingWorker(String replicaId, ModelCard card, ReplicaDescription description, long stepMillis) {
        this.replicaId = replicaId;
        this.card = card;
        this.description = description;
        this.stepMillis = stepMillis;
    }

    private static final class Running {
        private final SequenceStart start;
        private int generated;

        Running(SequenceStart start) {
            this.start = start;
            this.generated = start.generated().size();
        }
    }

    @Override
    public Future<?> start() {
        bus = Bus.of(vertx);
        ModelCardReply reply = new ModelCardReply(card.encode());
        return bus.answer(Addresses.worker(replicaId), this::run)
                .compose(ok -> bus.answer(Addresses.resend(replicaId), this::nothing))
                .compose(ok -> bus.answer(Addresses.card(replicaId), ask -> Future.succeededFuture(reply)))
                .compose(ok -> bus.answer(Addresses.describe(replicaId), ask -> Future.succeededFuture(description)));
    }

    /** @return tokens sent so far; for any thread */
    long tokens() {
        return tokens.get();
    }

    private Future<TokenBatch> nothing(Resend resend) {
        return Future.succeededFuture(new TokenBatch(replicaId, List.of()));
    }

    private Future<StepAnswer> run(StepPlan plan) {
        if (plan.number() == lastNumber) {
            return lastAnswer; // it is asked again, and nothing is run twice
        }
        Promise<StepAnswer> answer = Promise.promise();
        lastNumber = plan.number();
        lastAnswer = answer.future();
        vertx.setTimer(stepMillis, done -> answerWhenAwake(plan, answer));
        return answer.future();
    }

    private void answerWhenAwake(StepPlan plan, Promise<StepAnswer> answer) {
        if (paused) {
            vertx.setTimer(PAUSE_MILLIS, later -> answerWhenAwake(plan, answer));
        } else {
            answer.complete(step(plan));
        }
    }

    /** How long a step takes from now on. For any thread. */
    void pace(long millis) {
        stepMillis = millis;
    }

    /** While paused, steps take as long as it lasts. For any thread. */
    void pause(boolean whether) {
        paused = whether;
    }

    private StepAnswer step(StepPlan plan) {
        if (plan.reset()) {
            running.clear();
        }
        plan.ends().forEach(end -> running.remove(end.sequenceId()));
        plan.starts().forEach(start -> running.put(start.sequenceId(), new Running(start)));
        Map<String, List<TokenRun>> runs = new LinkedHashMap<>();
        List<Sampled> sampled = new ArrayList<>();
        Stream.concat(
                        plan.decodes().stream().map(StepPlan.Decode::sequenceId),
                        plan.chunks().stream().filter(StepPlan.Chunk::sample).map(StepPlan.Chunk::sequenceId))
                .forEach(id -> sampled.add(sample(id, runs)));
        runs.forEach((router, its) -> bus.send(Addresses.tokens(router), new TokenBatch(replicaId, its)));
        return new StepResult(plan.incarnation(), plan.number(), sampled, stepMillis * 1000);
    }

    private Sampled sample(long id, Map<String, List<TokenRun>> runs) {
        Running sequence = running.get(id);
        SequenceStart start = sequence.start;
        int token = FIRST_LETTER + (sequence.generated % 26);
        boolean last = sequence.generated + 1 >= start.sampling().maxTokens();
        Optional<FinishReason> finish = last ? Optional.of(FinishReason.LENGTH) : Optional.empty();
        runs.computeIfAbsent(start.routerId(), router -> new ArrayList<>())
                .add(new TokenRun(
                        start.attempt(),
                        start.choice(),
                        sequence.generated,
                        TokenIds.of(token),
                        List.of(),
                        start.cachedTokens(),
                        finish));
        sequence.generated++;
        tokens.incrementAndGet();
        return new Sampled(id, token, finish);
    }
}
