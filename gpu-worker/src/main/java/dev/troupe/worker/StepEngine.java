package dev.troupe.worker;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
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
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import dev.troupe.device.OutOfMemory;
import dev.troupe.worker.model.Model;
import dev.troupe.worker.model.StepOutput;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.ArrayList;
import java.util.Collections;
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
    private final ReadyPrefixes ready;
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
        this.ready = new ReadyPrefixes(model.blockBytes(), nanoTime);
    }

    /**
     * What a plan led to.
     *
     * @param batches by router
     * @param offers for the pool, when it suits
     */
    public record Outcome(StepAnswer answer, Map<String, TokenBatch> batches, List<Offer> offers) {
        public Outcome {
            // In an order that does not change from run to run, so that a simulation can be replayed.
            batches = Collections.unmodifiableMap(new LinkedHashMap<>(batches));
            offers = List.copyOf(offers);
        }

        private Outcome(StepAnswer answer) {
            this(answer, Map.of(), List.of());
        }
    }

    /** The keys and values of a prefix's last chunk, as they were when the plan was run. */
    public static final class Offer {
        private final StepPlan.Export export;
        private final byte[] chunk;

        private Offer(StepPlan.Export export, byte[] chunk) {
            this.export = export;
            this.chunk = chunk;
        }

        /** Hands it over; nobody else has these bytes. */
        public void to(PoolPrefixes pool, String kvFormat) {
            pool.offer(kvFormat, export.tenant(), export.prefix(), chunk);
        }
    }

    /** What the bytes of offers mean, and those of fetches must. */
    public String kvFormat() {
        return model.kvFormat();
    }

    /**
     * A fetch has brought this; it is ready for a plan to import. May be called by any thread, unlike the rest.
     *
     * @param chunks in order, from the fetch's first missing token on
     */
    public PrefixFetched ready(PrefixFetch fetch, List<byte[]> chunks) {
        return new PrefixFetched(ready.add(fetch, chunks));
    }

    /** Runs a plan, or says why not; see {@link StepPlan} for what is owed on loss and repetition. */
    public Outcome run(StepPlan plan) {
        boolean same = plan.incarnation() == incarnation;
        if (same && plan.number() == number) {
            return new Outcome(answer);
        }
        boolean late = plan.incarnation() < incarnation || (same && plan.number() < number);
        boolean follows = same && plan.number() == number + 1 && remembers(answer);
        if (late || !(plan.reset() || follows) || !isKnown(plan)) {
            return new Outcome(new ResyncNeeded(plan.incarnation(), plan.number()));
        }
        Optional<List<ReadyPrefixes.Piece>> imports = ready.take(plan.incarnation(), plan.imports());
        if (imports.isEmpty()) {
            return new Outcome(new ResyncNeeded(plan.incarnation(), plan.number()));
        }
        incarnation = plan.incarnation();
        number = plan.number();
        var runs = new Runs();
        var offers = new ArrayList<Offer>();
        answer = answer(plan, imports.get(), runs, offers);
        outbox.sweep(millis());
        return new Outcome(answer, runs.batches(), offers);
    }

    /** Whether the sequences are still here after such an answer. */
    private static boolean remembers(StepAnswer answer) {
        return answer instanceof StepResult || (answer instanceof StepAnswer.OutOfMemory full && !full.forgotten());
    }

    private StepAnswer answer(StepPlan plan, List<ReadyPrefixes.Piece> imports, Runs runs, List<Offer> offers) {
        long begun = nanoTime.getAsLong();
        boolean copied = false;
        try {
            prepare(plan, imports, runs);
            copied = true;
            plan.exports().forEach(export -> read(export).ifPresent(offers::add));
            List<Sampled> sampled = plan.rows() == 0 ? List.of() : compute(plan, runs);
            return new StepResult(incarnation, number, sampled, (nanoTime.getAsLong() - begun) / 1000);
        } catch (RuntimeException | OutOfMemoryError e) {
            String message = String.valueOf(e.getMessage());
            if (OutOfMemory.isCauseOf(e)) {
                return outOfMemory(!copied, message);
            }
            log.error("Step {} failed; all sequences start over", number, e);
            forget();
            return new StepFailed(incarnation, number, message);
        }
    }

    /** @param forget after a copy that was not made, since what the slots and blocks hold is anybody's guess then */
    private StepAnswer outOfMemory(boolean forget, String message) {
        log.debug("Step {} did not fit into memory: {}", number, message);
        if (forget) {
            forget();
        }
        return new StepAnswer.OutOfMemory(incarnation, number, forget, message);
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

    /** All of a plan but its rows. */
    private void prepare(StepPlan plan, List<ReadyPrefixes.Piece> imports, Runs runs) {
        if (plan.reset()) {
            forget();
        }
        plan.acks().forEach(outbox::acknowledge);
        plan.ends().forEach(end -> end(end, runs));
        imports.forEach(piece -> piece.into(model));
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
    }

    /** Without memory for it the pool goes without; nobody else is harmed. */
    private Optional<Offer> read(StepPlan.Export export) {
        try {
            return Optional.of(new Offer(export, model.readBlocks(export.blocks())));
        } catch (RuntimeException | OutOfMemoryError e) {
            if (!OutOfMemory.isCauseOf(e)) {
                throw e;
            }
            log.debug("A prefix is not offered to the pool: {}", e.getMessage());
            return Optional.empty();
        }
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
        var rows = new StepRows();
        plan.decodes().forEach(decode -> rows.decode(sequences.get(decode.sequenceId()), decode));
        plan.chunks().forEach(chunk -> rows.chunk(sequences.get(chunk.sequenceId()), chunk));
        var wanted = rows.wanted();
        var requests = new ArrayList<LogitRequest>();
        for (StepRows.Wanted one : wanted) {
            requests.addAll(Collections.nCopies(one.rows(), one.sequence().request(model.vocab())));
        }
        var picked = new ArrayList<Picked>();
        try (StepOutput output = model.step(rows.input(), requests)) {
            int row = 0;
            for (StepRows.Wanted one : wanted) {
                picked.add(pick(one, output, row, requests.get(row)));
                row += one.rows();
            }
        }
        // Only now, when nothing can fail any more: a step happens as a whole or not at all.
        return picked.stream().flatMap(one -> take(one, runs).stream()).toList();
    }

    /** The next tokens of a sequence: one, and one more for each guess that was right. */
    private record Picked(StepRows.Wanted wanted, List<Token> tokens) {}

    private record Token(int id, Optional<TokenLogprobs> logprobs) {}

    private Picked pick(StepRows.Wanted wanted, StepOutput output, int row, LogitRequest request) {
        Sequence sequence = wanted.sequence();
        var guesses = wanted.guesses();
        var tokens = new ArrayList<Token>();
        boolean right = true;
        for (int i = 0; right && i < wanted.rows(); i++) {
            int index = sequence.generated() + i;
            OptionalInt sent = outbox.sent(sequence.key(), index);
            int token =
                    sent.isPresent() ? sent.getAsInt() : TokenPicker.pick(output, row + i, request, sequence, index);
            tokens.add(new Token(token, TokenPicker.logprobs(output, row + i, sequence, token)));
            right = i < guesses.size() && guesses.get(i) == token;
        }
        return new Picked(wanted, tokens);
    }

    private List<Sampled> take(Picked picked, Runs runs) {
        Sequence sequence = picked.wanted().sequence();
        int first = sequence.generated();
        var sampled = new ArrayList<Sampled>();
        Optional<FinishReason> finish = Optional.empty();
        for (Token token : picked.tokens()) {
            outbox.add(sequence.key(), sequence.generated(), token.id(), token.logprobs());
            sequence.append(token.id());
            finish = sequence.finish(model.maxTokens());
            sampled.add(new Sampled(sequence.id(), token.id(), finish));
            if (finish.isPresent()) {
                break;
            }
        }
        finish.ifPresent(reason -> outbox.finish(sequence.key(), reason, millis()));
        int guesses = picked.wanted().guesses().size();
        if (guesses > 0) {
            sequence.guessed(guesses, picked.tokens().size() - 1);
        }
        runs.add(sequence, first);
        return sampled;
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
