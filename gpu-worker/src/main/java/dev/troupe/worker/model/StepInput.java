package dev.troupe.worker.model;

import dev.troupe.cluster.message.SlotRef;
import dev.troupe.cluster.message.TokenIds;
import java.util.List;

/**
 * What one step feeds to the model.
 *
 * @param decodes one token each
 * @param chunks runs of prompt tokens
 */
public record StepInput(List<Decode> decodes, List<Chunk> chunks) {
    public StepInput {
        decodes = List.copyOf(decodes);
        chunks = List.copyOf(chunks);
    }

    /** Tokens that go through the model. */
    public int rows() {
        return decodes.size()
                + chunks.stream().mapToInt(chunk -> chunk.tokens().size()).sum();
    }

    /** Rows whose next token is wanted: every decode, then every sampling chunk. */
    public int sampled() {
        return decodes.size() + (int) chunks.stream().filter(Chunk::sample).count();
    }

    /**
     * One token of a running sequence.
     *
     * @param position of {@code token}; its key and value are written there, and everything up to it is seen
     */
    public record Decode(SlotRef slot, int position, int token) {}

    /**
     * Neighbouring tokens of one sequence.
     *
     * @param start position of the first
     * @param sample whether the token after the last one is wanted
     */
    public record Chunk(SlotRef slot, int start, TokenIds tokens, boolean sample) {}
}
