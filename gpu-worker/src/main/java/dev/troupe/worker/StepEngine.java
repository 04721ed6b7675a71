package dev.troupe.worker;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepAnswer.ResyncNeeded;
import dev.troupe.cluster.message.StepAnswer.Sampled;
import dev.troupe.cluster.message.StepAnswer.StepFailed;
import dev.troupe.cluster.message.StepAnswer.StepResult;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.StepInput;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the batcher's plans, one at a time and each once. It knows the running sequences and what the routers have not
 * acknowledged; it decides nothing.
 *
 * <p>Not thread-safe: lives on the model thread.
 */
public final class StepEngine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StepEngine.class);

    private final String replicaId;
    private final Model model;
    private final LongSupplier nanoTime;
    private final Map<Long, Sequence> sequences = new HashMap<>();
    private final Outbox outbox = new Outbox();
    private long incarnation = Long.MIN_VALUE;
    private long number; // of the last plan run
    private StepAnswer answer; // to that plan

    /** @param nanoTime a clock that does not go back, for the duration of steps and the age of streams */
    public StepEngine(String replicaId, Model model, LongSupplier nanoTime) {
        this.replicaId = replicaId;
        this.model = model;
        this.nanoTime = nanoTime;
    }

    /**
     * What a plan led to.
     *
     * @param batches by router
     */
    public record Outcome(StepAnswer answer, Map<String, TokenBatch> batches) {
        public Outcome {
            batches = Map.copyOf(batches);
        }
    }

    /** Runs a plan, or says why not; see {@link StepPlan} for what is owed on loss and repetition. */
    public Outcome run(StepPlan plan) {
        boolean same = plan.incarnation() == incarnation;
        if (same && plan.number() == number) {
            return new Outcome(answer, Map.of());
        }
        boolean late = plan.incarnation() < incarnation || (same && plan.number() < number);
        boolean follows = same && plan.number() == number + 1 && answer instanceof StepResult;
        if (late || !(plan.reset() || follows) || !isKnown(plan)) {
            return new Outcome(new ResyncNeeded(plan.incarnation(), plan.number()), Map.of());
        }
        incarnation = plan.incarnation();
        number = plan.number();
        var runs = new Runs();
        answer = answer(plan, runs);
        outbox.sweep(millis());
        return new Outcome(answer, runs.batches());
    }

    private StepAnswer answer(StepPlan plan, Runs runs) {
        long begun = nanoTime.getAsLong();
        try {
            List<Sampled> sampled = apply(plan, runs);
            return new StepResult(incarnation, number, sampled, (nanoTime.getAsLong() - begun) / 1000);
        } catch (RuntimeException e) {
            log.error("Step {} failed; all sequences start over", number, e);
            forget();
            return new StepFailed(incarnation, number, String.valueOf(e.getMessage()));
        }
    }

    /** Answers a router that misses tokens. */
    public TokenBatch resend(Resend resend) {
        var run = outbox.run(new StreamKey(resend.attempt(), resend.choice()), resend.from());
        return new TokenBatch(replicaId, run.stream().toList());
    }

    /** Whether every sequence of the plan is one we hold as the plan believes. */
    private boolean isKnown(StepPlan plan) {
        var starting = new HashMap<Long, Integer>();
        plan.starts()
                .forEach(s -> starting.put(
                        s.sequenceId(), s.prompt().size() + s.generated().size()));
        boolean decodes = plan.decodes().stream()
                .allMatch(d -> sizeOf(d.sequenceId(), plan.reset(), starting) == d.position() + 1);
        boolean chunks = plan.chunks().stream().allMatch(c -> {
            int size = sizeOf(c.sequenceId(), plan.reset(), starting);
            int end = c.start() + c.count();
            return c.sample() ? end == size : end <= size;
        });
        return decodes && chunks;
    }

    private int sizeOf(long sequenceId, boolean reset, Map<Long, Integer> starting) {
        Integer size = starting.get(sequenceId);
        if (size != null) {
            return size;
        }
        Sequence sequence = reset ? null : sequences.get(sequenceId);
        return sequence == null ? -1 : sequence.size();
    }

    private List<Sampled> apply(StepPlan plan, Runs runs) {
        if (plan.reset()) {
            forget();
        }
        plan.acks().forEach(outbox::acknowledge);
        plan.ends().forEach(end -> end(end, runs));
        for (KvCopy copy : plan.copies()) {
            model.copy(copy);
        }
        for (SequenceStart start : plan.starts()) {
            var sequence = new Sequence(start);
            sequences.put(start.sequenceId(), sequence);
            boolean scored = start.sampling().topLogprobs().isPresent();
            TokenIds known = scored ? TokenIds.EMPTY : start.generated();
            outbox.open(sequence.key(), start.cachedTokens(), start.generated().size() - known.size(), known);
        }
        return plan.rows() == 0 ? List.of() : compute(plan, runs);
    }

    private void end(StepPlan.End end, Runs runs) {
        Sequence sequence = sequences.remove(end.sequenceId());
        if (sequence == null) {
            return;
        }
        outbox.close(sequence.key(), millis());
        end.tell().ifPresent(reason -> {
            outbox.finish(sequence.key(), reason, millis());
            runs.add(sequence, sequence.generated());
        });
    }

    private List<Sampled> compute(StepPlan plan, Runs runs) {
        var decodes = new ArrayList<StepInput.Decode>();
        var chunks = new ArrayList<StepInput.Chunk>();
        var wanted = new ArrayList<Long>();
        for (StepPlan.Decode decode : plan.decodes()) {
            int token = sequences.get(decode.sequenceId()).last();
            decodes.add(new StepInput.Decode(decode.slot(), decode.position(), token));
            wanted.add(decode.sequenceId());
        }
        for (StepPlan.Chunk chunk : plan.chunks()) {
            var tokens = sequences.get(chunk.sequenceId()).slice(chunk.start(), chunk.count());
            chunks.add(new StepInput.Chunk(chunk.slot(), chunk.start(), tokens, chunk.sample()));
            if (chunk.sample()) {
                wanted.add(chunk.sequenceId());
            }
        }
        var requests = wanted.stream()
                .map(id -> sequences.get(id).request(model.vocab()))
                .toList();
        var sampled = new ArrayList<Sampled>();
        try (StepOutput output = model.step(new StepInput(decodes, chunks), requests)) {
            for (int i = 0; i < wanted.size(); i++) {
                sampled.add(take(wanted.get(i), output, i, requests.get(i), runs));
            }
        }
        return sampled;
    }

    private Sampled take(long id, StepOutput output, int wanted, LogitRequest request, Runs runs) {
        Sequence sequence = sequences.get(id);
        int index = sequence.generated();
        OptionalInt sent = outbox.sent(sequence.key(), index);
        int token = sent.isPresent() ? sent.getAsInt() : TokenPicker.pick(output, wanted, request, sequence);
        outbox.add(sequence.key(), index, token, TokenPicker.logprobs(output, wanted, sequence, token));
        sequence.append(token);
        Optional<FinishReason> finish = sequence.finish(model.maxTokens());
        finish.ifPresent(reason -> outbox.finish(sequence.key(), reason, millis()));
        runs.add(sequence, index);
        return new Sampled(id, token, finish);
    }

    /** Everything but what the routers have not acknowledged. */
    private void forget() {
        sequences.clear();
        outbox.closeAll(millis());
    }

    private long millis() {
        return nanoTime.getAsLong() / 1_000_000;
    }

    @Override
    public void close() {
        model.close();
    }

    /** What this step has to say, by router. */
    private final class Runs {
        private final Map<String, List<TokenRun>> byRouter = new LinkedHashMap<>();

        private void add(Sequence sequence, int from) {
            outbox.run(sequence.key(), from)
                    .ifPresent(run -> byRouter.computeIfAbsent(sequence.routerId(), router -> new ArrayList<>())
                            .add(run));
        }

        private Map<String, TokenBatch> batches() {
            var batches = new LinkedHashMap<String, TokenBatch>();
            byRouter.forEach((router, runs) -> batches.put(router, new TokenBatch(replicaId, runs)));
            return batches;
        }
    }
}
