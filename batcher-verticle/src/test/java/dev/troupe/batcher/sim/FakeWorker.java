package dev.troupe.batcher.sim;

import static dev.troupe.batcher.sim.FakeKv.lawful;

import dev.troupe.batcher.ReplicaSpec;
import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.PrefixFetch;
import dev.troupe.cluster.message.PrefixFetched;
import dev.troupe.cluster.message.Resend;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.StepAnswer;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import dev.troupe.cluster.message.TokenBatch;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenRun;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Runs {@link FakeModel} as a worker runs a real one, and throws an {@link AssertionError} at a plan that no batcher may send: rows beyond
 * the budget, an unknown sequence, a gap in the positions, a slot or block that holds anything but the sequence's own prefix.
 */
public final class FakeWorker {
    public static final String KV_FORMAT = "fake";
    private static final long SPOILT = -1;
    private static final long MICROSECONDS_A_ROW = 2_000;

    private final ReplicaSpec replica;
    private final int tokenBudget;
    private final BiConsumer<String, TokenBatch> toRouter;
    private final FakeKv kv;
    private final FakePool pool;
    private final Map<Long, Ready> ready = new HashMap<>();
    private final Map<Long, Known> known = new HashMap<>();
    private final Map<Stream, Told> told = new HashMap<>();
    private Predicate<SequenceStart> poison = start -> false;
    private Memory memory = plan -> Lack.NONE;
    private long incarnation;
    private long number;
    private Optional<StepAnswer> lastAnswer = Optional.empty();

    private record Ready(PrefixFetch fetch, List<byte[]> chunks) {}

    /** What of a plan the memory is too small for. */
    public enum Lack {
        NONE,
        ROWS,
        COPIES
    }

    /** Says of each plan whether it fits. */
    public interface Memory {
        Lack lack(StepPlan plan);
    }

    private static final class Known {
        private final SequenceStart start;
        private final List<Integer> text = new ArrayList<>();
        private boolean finished;

        Known(SequenceStart start) {
            this.start = start;
            for (int token : start.prompt().concat(start.generated()).toArray()) {
                text.add(token);
            }
        }

        int generated() {
            return text.size() - start.prompt().size();
        }

        Stream stream() {
            return new Stream(start.attempt(), start.choice());
        }
    }

    private record Stream(Attempt attempt, int choice) {}

    private static final class Told {
        private final List<Integer> tokens = new ArrayList<>();
        private int cachedTokens;
        private Optional<FinishReason> finish = Optional.empty();
        private long startedBy;
    }

    /** @param toRouter takes the router's id and what is for it */
    public FakeWorker(ReplicaSpec replica, int tokenBudget, BiConsumer<String, TokenBatch> toRouter) {
        this(replica, tokenBudget, new FakePool(), toRouter);
    }

    /** @param pool which it may share with others */
    public FakeWorker(ReplicaSpec replica, int tokenBudget, FakePool pool, BiConsumer<String, TokenBatch> toRouter) {
        this.pool = pool;
        this.replica = replica;
        this.tokenBudget = tokenBudget;
        this.toRouter = toRouter;
        this.kv = new FakeKv(replica.kv());
    }

    /** Steps with rows of such a sequence fail. */
    public void poison(Predicate<SequenceStart> sequences) {
        poison = sequences;
    }

    /** Plans may not fit into memory from now on. */
    public void memory(Memory says) {
        memory = says;
    }

    /** Whether a plan has rows of such a sequence that this worker knows or is told of. */
    public boolean computes(StepPlan plan, Predicate<SequenceStart> sequences) {
        return rowsOf(plan).keySet().stream()
                .anyMatch(id -> known.containsKey(id) && sequences.test(known.get(id).start));
    }

    /** As a new process would be: nothing is known, not even what routers still miss. */
    public void restart() {
        forget();
        told.clear();
        ready.clear();
        incarnation = 0;
        number = 0;
        lastAnswer = Optional.empty();
    }

    private void forget() {
        known.clear();
        kv.clear();
    }

    /** @return sequences of this batcher that have started and not ended */
    public int sequences(long ofIncarnation) {
        return ofIncarnation == incarnation ? known.size() : 0;
    }

    public StepAnswer run(StepPlan plan) {
        boolean same = plan.incarnation() == incarnation;
        if (same && plan.number() == number && lastAnswer.isPresent()) {
            return lastAnswer.get();
        }
        boolean stale = plan.incarnation() < incarnation || (same && plan.number() <= number);
        if (stale || (!plan.reset() && !(same && plan.number() == number + 1))) {
            return new StepAnswer.ResyncNeeded(plan.incarnation(), plan.number());
        }
        if (!plan.imports().stream().allMatch(one -> isReady(plan, one))) {
            return new StepAnswer.ResyncNeeded(plan.incarnation(), plan.number());
        }
        incarnation = plan.incarnation();
        number = plan.number();
        StepAnswer answer = step(plan);
        lastAnswer = Optional.of(answer);
        return answer;
    }

    /** What a fetch would bring. */
    public List<byte[]> fetch(PrefixFetch fetch) {
        return pool.fetch(KV_FORMAT, fetch);
    }

    /** A fetch has brought it. */
    public PrefixFetched ready(PrefixFetch fetch, List<byte[]> chunks) {
        ready.put(fetch.id(), new Ready(fetch, chunks));
        return new PrefixFetched(fetch.fromToken() + chunks.size() * KvCopy.CHUNK_TOKENS);
    }

    private boolean isReady(StepPlan plan, StepPlan.Import one) {
        Ready found = ready.get(one.fetch());
        return found != null && found.fetch.incarnation() == plan.incarnation();
    }

    private void bring(StepPlan.Import one) {
        Ready found = ready.remove(one.fetch());
        ByteBuffer all = ByteBuffer.allocate(found.chunks.size() * KvCopy.CHUNK_TOKENS * Long.BYTES);
        found.chunks.forEach(all::put);
        int skipped = (one.fromToken() - found.fetch.fromToken()) * Long.BYTES;
        int length = one.blocks().size() * FakeKv.BLOCK_BYTES;
        lawful(skipped >= 0 && skipped + length <= all.capacity(), () -> "imports what was not fetched");
        kv.writeBlocks(one.blocks(), Arrays.copyOfRange(all.array(), skipped, skipped + length));
    }

    private void export(StepPlan.Export chunk) {
        byte[] states = kv.readBlocks(chunk.blocks());
        lawful(
                Arrays.equals(states, FakePool.lastChunk(chunk.prefix())),
                () -> "exports anything but the prefix's own");
        pool.offer(KV_FORMAT, chunk.tenant(), chunk.prefix(), states);
    }

    private StepAnswer step(StepPlan plan) {
        if (plan.reset()) {
            forget();
        }
        Map<String, List<TokenRun>> out = new LinkedHashMap<>();
        plan.acks().forEach(this::acknowledge);
        plan.ends().forEach(end -> end(end, out));
        if (!(plan.copies().isEmpty() && plan.imports().isEmpty()) && memory.lack(plan) == Lack.COPIES) {
            forget();
            send(out);
            return new StepAnswer.OutOfMemory(incarnation, number, true, "no room for copies");
        }
        plan.imports().forEach(this::bring);
        plan.copies().forEach(kv::copy);
        plan.exports().forEach(this::export);
        plan.starts().forEach(this::start);
        checkRows(plan);
        if (plan.rows() > 0 && memory.lack(plan) == Lack.ROWS) {
            spoil(plan);
            send(out);
            return new StepAnswer.OutOfMemory(incarnation, number, false, "no room for rows");
        }
        if (rowsOf(plan).keySet().stream().anyMatch(id -> poison.test(known.get(id).start))) {
            forget();
            return new StepAnswer.StepFailed(incarnation, number, "poisoned");
        }
        List<StepAnswer.Sampled> sampled = new ArrayList<>();
        for (StepPlan.Decode decode : plan.decodes()) {
            Known sequence = known.get(decode.sequenceId());
            lawful(decode.position() == sequence.text.size() - 1, () -> "decodes at " + decode.position());
            compute(sequence, decode.slot(), decode.position(), 1);
            sampled.add(sample(sequence, decode.slot(), out));
            int right = sequence.text.size() % (decode.guesses() + 1);
            for (int i = 1; i <= decode.guesses(); i++) {
                if (i <= right && !sequence.finished) {
                    compute(sequence, decode.slot(), decode.position() + i, 1);
                    sampled.add(sample(sequence, decode.slot(), out));
                } else {
                    kv.write(decode.slot(), decode.position() + i, SPOILT); // a wrong guess
                }
            }
        }
        for (StepPlan.Chunk chunk : plan.chunks()) {
            Known sequence = known.get(chunk.sequenceId());
            compute(sequence, chunk.slot(), chunk.start(), chunk.count());
            boolean whole = chunk.start() + chunk.count() == sequence.text.size();
            lawful(whole == chunk.sample(), () -> "samples before the prompt is computed, or not after it");
            if (whole) {
                sampled.add(sample(sequence, chunk.slot(), out));
            }
        }
        send(out);
        return new StepAnswer.StepResult(incarnation, number, sampled, MICROSECONDS_A_ROW * plan.rows());
    }

    private void send(Map<String, List<TokenRun>> out) {
        out.forEach((routerId, runs) -> toRouter.accept(routerId, new TokenBatch(replica.replicaId(), runs)));
    }

    /** As a step does that fails half-way: what it would have written is neither as before nor as it should be. */
    private void spoil(StepPlan plan) {
        for (StepPlan.Decode row : plan.decodes()) {
            for (int i = 0; i <= row.guesses(); i++) {
                kv.write(row.slot(), row.position() + i, SPOILT);
            }
        }
        for (StepPlan.Chunk chunk : plan.chunks()) {
            for (int i = 0; i < chunk.count(); i++) {
                kv.write(chunk.slot(), chunk.start() + i, SPOILT);
            }
        }
    }

    private void start(SequenceStart start) {
        Known before = known.put(start.sequenceId(), new Known(start));
        lawful(before == null, () -> "starts sequence " + start.sequenceId() + " twice");
        Told stream = told.computeIfAbsent(new Stream(start.attempt(), start.choice()), s -> new Told());
        // A batcher that was restarted knows nothing of what ended before; the same one must.
        lawful(stream.finish.isEmpty() || stream.startedBy != incarnation, () -> "starts an ended stream again");
        stream.finish = Optional.empty();
        stream.startedBy = incarnation;
        stream.cachedTokens = start.cachedTokens();
        for (int i = stream.tokens.size(); i < start.generated().size(); i++) {
            stream.tokens.add(start.generated().get(i));
        }
    }

    private void end(StepPlan.End end, Map<String, List<TokenRun>> out) {
        Known sequence = known.remove(end.sequenceId());
        lawful(sequence != null, () -> "ends unknown sequence " + end.sequenceId());
        lawful(!sequence.finished || end.tell().isEmpty(), () -> "ends twice");
        end.tell().ifPresent(reason -> tell(sequence, List.of(), Optional.of(reason), out));
    }

    private Map<Long, SlotRef> rowsOf(StepPlan plan) {
        Map<Long, SlotRef> rows = new HashMap<>();
        plan.decodes()
                .forEach(row -> lawful(rows.put(row.sequenceId(), row.slot()) == null, () -> "one sequence twice"));
        plan.chunks()
                .forEach(row -> lawful(rows.put(row.sequenceId(), row.slot()) == null, () -> "one sequence twice"));
        return rows;
    }

    private void checkRows(StepPlan plan) {
        lawful(plan.rows() <= tokenBudget, () -> plan.rows() + " rows");
        Map<Integer, Integer> format = new HashMap<>();
        Set<SlotRef> slots = new HashSet<>();
        rowsOf(plan).forEach((id, slot) -> {
            lawful(known.containsKey(id), () -> "unknown sequence " + id);
            lawful(!known.get(id).finished, () -> "goes on with ended sequence " + id);
            lawful(slots.add(slot), () -> "two sequences in " + slot);
            Integer other = format.put(slot.slab(), slot.capacity());
            lawful(other == null || other == slot.capacity(), () -> "one slab in two formats");
        });
    }

    private void compute(Known sequence, SlotRef slot, int from, int count) {
        lawful(from + count <= sequence.text.size(), () -> "feeds tokens that do not exist");
        long state = 0;
        for (int i = 0; i < from; i++) {
            state = FakeModel.feed(state, sequence.text.get(i));
            if (kv.read(slot, i) != state) {
                throw new AssertionError("unlawful plan: position " + i + " of " + slot + " is not the sequence's own");
            }
        }
        for (int i = from; i < from + count; i++) {
            state = FakeModel.feed(state, sequence.text.get(i));
            kv.write(slot, i, state);
        }
    }

    private StepAnswer.Sampled sample(Known sequence, SlotRef slot, Map<String, List<TokenRun>> out) {
        int last = sequence.text.size() - 1;
        int token = FakeModel.next(kv.read(slot, last), sequence.start.choice(), replica.vocabSize());
        sequence.text.add(token);
        Optional<FinishReason> finish = finish(sequence, token);
        sequence.finished = finish.isPresent();
        tell(sequence, List.of(token), finish, out);
        return new StepAnswer.Sampled(sequence.start.sequenceId(), token, finish);
    }

    private static Optional<FinishReason> finish(Known sequence, int token) {
        if (sequence.start.sampling().stopTokens().contains(token)) {
            return Optional.of(FinishReason.STOP);
        }
        return sequence.generated() >= sequence.start.sampling().maxTokens()
                ? Optional.of(FinishReason.LENGTH)
                : Optional.empty();
    }

    private void tell(
            Known sequence, List<Integer> tokens, Optional<FinishReason> finish, Map<String, List<TokenRun>> out) {
        Told stream = told.computeIfAbsent(sequence.stream(), s -> new Told());
        int firstIndex = sequence.generated() - tokens.size();
        lawful(stream.finish.isEmpty() || finish.isEmpty(), () -> "a stream ends twice");
        for (int i = 0; i < tokens.size(); i++) {
            if (firstIndex + i == stream.tokens.size()) {
                stream.tokens.add(tokens.get(i));
            }
        }
        stream.finish = finish;
        out.computeIfAbsent(sequence.start.routerId(), r -> new ArrayList<>())
                .add(run(sequence.stream(), firstIndex, tokens, sequence.start.cachedTokens(), finish));
    }

    private static TokenRun run(
            Stream stream, int firstIndex, List<Integer> tokens, int cachedTokens, Optional<FinishReason> finish) {
        TokenIds ids = TokenIds.of(tokens.stream().mapToInt(Integer::intValue).toArray());
        return new TokenRun(stream.attempt, stream.choice, firstIndex, ids, List.of(), cachedTokens, finish);
    }

    private void acknowledge(StreamAck ack) {
        Stream stream = new Stream(ack.attempt(), ack.choice());
        Told held = told.get(stream);
        if (held != null && held.finish.isPresent() && ack.received() >= held.tokens.size()) {
            told.remove(stream);
        }
    }

    public TokenBatch resend(Resend request) {
        Stream stream = new Stream(request.attempt(), request.choice());
        Told held = told.get(stream);
        if (held == null || request.from() > held.tokens.size()) {
            return new TokenBatch(replica.replicaId(), List.of());
        }
        List<Integer> missing = held.tokens.subList(request.from(), held.tokens.size());
        if (missing.isEmpty() && held.finish.isEmpty()) {
            return new TokenBatch(replica.replicaId(), List.of());
        }
        return new TokenBatch(
                replica.replicaId(), List.of(run(stream, request.from(), missing, held.cachedTokens, held.finish)));
    }

    /** @return tokens that the blocks of a plan's restores bring back */
    public static int restored(StepPlan plan) {
        return plan.copies().stream()
                .mapToInt(copy -> copy instanceof KvCopy.Restore restore
                        ? restore.blocks().size()
                        : 0)
                .map(blocks -> blocks * KvCopy.BLOCK_TOKENS)
                .sum();
    }
}
