package dev.troupe.batcher;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.KvCopy;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.StepPlan;
import dev.troupe.cluster.message.StreamAck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A step in the making. Copies keep the order in which they are added: that is the order in which the accounting took place. */
final class PlanBuilder {
    private final Map<Sequence, Optional<FinishReason>> leaving = new LinkedHashMap<>();
    private final List<KvCopy> copies = new ArrayList<>();
    private final List<SequenceStart> starts = new ArrayList<>();
    private final List<StepPlan.Decode> decodes = new ArrayList<>();
    private final List<StepPlan.Chunk> chunks = new ArrayList<>();
    private final List<StreamAck> acks = new ArrayList<>();
    private final List<StepPlan.Import> imports = new ArrayList<>();
    private final List<StepPlan.Export> exports = new ArrayList<>();
    private final Map<Long, Sequence> computing = new LinkedHashMap<>();

    void end(Sequence sequence, Optional<FinishReason> tell) {
        leaving.put(sequence, tell);
    }

    void copy(KvCopy copy) {
        if (!exports.isEmpty()) {
            throw new IllegalStateException("blocks are exported after everything is copied");
        }
        copies.add(copy);
    }

    /** Done before all copies, so it must come before them here. */
    void bring(StepPlan.Import fetched) {
        if (!copies.isEmpty()) {
            throw new IllegalStateException("blocks are imported before anything else is copied");
        }
        imports.add(fetched);
    }

    /** Done after all copies, so none may follow. */
    void export(StepPlan.Export chunk) {
        exports.add(chunk);
    }

    void decode(Sequence sequence, int guesses) {
        compute(sequence);
        decodes.add(new StepPlan.Decode(sequence.id(), sequence.slot(), sequence.computed(), guesses));
    }

    void chunk(Sequence sequence, int rows) {
        compute(sequence);
        boolean sample = rows == sequence.remaining();
        chunks.add(new StepPlan.Chunk(sequence.id(), sequence.slot(), sequence.computed(), rows, sample));
    }

    private void compute(Sequence sequence) {
        computing.put(sequence.id(), sequence);
        introduce(sequence);
    }

    /** Makes the worker know a sequence, whether or not it has rows. */
    void introduce(Sequence sequence) {
        if (!sequence.known()) {
            starts.add(sequence.introduce());
        }
    }

    void acks(Collection<StreamAck> passedOn) {
        acks.addAll(passedOn);
    }

    int decodeRows() {
        return decodes.size();
    }

    boolean isEmpty() {
        return leaving.isEmpty()
                && copies.isEmpty()
                && starts.isEmpty()
                && decodes.isEmpty()
                && chunks.isEmpty()
                && acks.isEmpty()
                && imports.isEmpty()
                && exports.isEmpty();
    }

    /** Who has rows in the step. */
    Map<Long, Sequence> computing() {
        return computing;
    }

    /** Who leaves, and what its router is told of it. */
    Map<Sequence, Optional<FinishReason>> leaving() {
        return leaving;
    }

    StepPlan build(long incarnation, long number, boolean reset) {
        List<StepPlan.End> ends = new ArrayList<>();
        leaving.forEach((sequence, tell) -> ends.add(new StepPlan.End(sequence.id(), tell)));
        return new StepPlan(incarnation, number, reset, ends, copies, starts, decodes, chunks, acks, imports, exports);
    }
}
