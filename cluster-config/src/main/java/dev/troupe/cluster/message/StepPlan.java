package dev.troupe.cluster.message;

import static dev.troupe.cluster.message.Checks.atLeast;
import static dev.troupe.cluster.message.Checks.notBlank;
import static dev.troupe.cluster.message.Checks.wholeChunks;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Batcher to worker: one step. Answered by {@link StepAnswer}. The batcher owns all accounting; the worker does as told.
 *
 * <p>At most one plan is under way. Lost, or its answer lost: the batcher sends the same plan again, and a worker that has run it answers
 * as before without running it twice. A number that does not follow the last one, or another incarnation: the worker does nothing and
 * answers {@link StepAnswer.ResyncNeeded}; the batcher then sends a plan with {@code reset}, which makes the worker forget everything.
 *
 * @param incarnation of the batcher; a restarted one is a stranger
 * @param number from 1, one more each plan
 * @param reset forget all sequences, slots and cached blocks first
 * @param copies done in this order, before anything is computed; they may free what {@code starts} then use
 * @param decodes one token each, and guesses after it, for sequences whose prompt is computed
 * @param chunks parts of prompts
 * @param ends sequences that leave; their unacknowledged tokens stay until acknowledged
 * @param acks routers' acknowledgements to pass on
 * @param imports done before {@code copies}
 * @param exports done after {@code copies}; one that fails harms nothing
 */
public record StepPlan(
        long incarnation,
        long number,
        boolean reset,
        List<End> ends,
        List<KvCopy> copies,
        List<SequenceStart> starts,
        List<Decode> decodes,
        List<Chunk> chunks,
        List<StreamAck> acks,
        List<Import> imports,
        List<Export> exports) {

    public StepPlan {
        atLeast("number", number, 1);
        ends = List.copyOf(ends);
        copies = List.copyOf(copies);
        starts = List.copyOf(starts);
        decodes = List.copyOf(decodes);
        chunks = List.copyOf(chunks);
        acks = List.copyOf(acks);
        imports = List.copyOf(imports);
        exports = List.copyOf(exports);
    }

    /** @return rows of the step at most: tokens that go through the model */
    public int rows() {
        return decodes.stream().mapToInt(decode -> 1 + decode.guesses()).sum()
                + chunks.stream().mapToInt(Chunk::count).sum();
    }

    /**
     * Feed the sequence's last token at {@code position}, and sample the next. The worker may feed guesses of the tokens after it in the
     * same step; those that turn out to be what it would have sampled count, and the row after them yields one token more.
     *
     * @param position of the token fed, from 0; also how many tokens the slot holds before it
     * @param guesses the most tokens to guess; the slot has room for them, and what is written there of wrong ones is written over later
     */
    public record Decode(long sequenceId, SlotRef slot, int position, int guesses) {
        public Decode {
            Objects.requireNonNull(slot);
            atLeast("position", position, 0);
            atLeast("guesses", guesses, 0);
        }
    }

    /**
     * Compute {@code count} tokens of prompt (and, after a preemption, of what was generated) from {@code start}.
     *
     * @param sample whether the last row samples the next token
     */
    public record Chunk(long sequenceId, SlotRef slot, int start, int count, boolean sample) {
        public Chunk {
            Objects.requireNonNull(slot);
            atLeast("start", start, 0);
            atLeast("count", count, 1);
        }
    }

    /**
     * A sequence leaves the worker.
     *
     * @param tell the reason to tell its router, when the worker has not already done so
     */
    public record End(long sequenceId, Optional<FinishReason> tell) {
        public End {
            Objects.requireNonNull(tell);
        }
    }

    /**
     * What a {@link PrefixFetch} has made ready, into blocks. A worker that does not have it ready does nothing of the plan and answers
     * {@link StepAnswer.ResyncNeeded}.
     *
     * @param fetch its id; used up by this
     * @param fromToken of the fetched prefix, the first that the blocks are to hold
     */
    public record Import(long fetch, int fromToken, List<Integer> blocks) {
        public Import {
            atLeast("fetch", fetch, 0);
            atLeast("fromToken", fromToken, 0);
            blocks = List.copyOf(blocks);
            atLeast("blocks", blocks.size(), 1);
        }
    }

    /**
     * The keys and values of a prefix's last chunk, to be offered to the pool. Read within the step, so that the blocks may be used for
     * something else by the next plan; stored whenever it suits, or not at all.
     *
     * @param prefix from its first token on
     * @param blocks that hold its last {@link KvCopy#CHUNK_TOKENS} tokens
     */
    public record Export(String tenant, TokenIds prefix, List<Integer> blocks) {
        public Export {
            notBlank("tenant", tenant);
            blocks = List.copyOf(blocks);
            wholeChunks("prefix", prefix.size());
            atLeast("prefix", prefix.size(), KvCopy.CHUNK_TOKENS);
            if (blocks.size() * KvCopy.BLOCK_TOKENS != KvCopy.CHUNK_TOKENS) {
                throw new IllegalArgumentException(blocks.size() + " blocks are not a chunk");
            }
        }
    }
}
