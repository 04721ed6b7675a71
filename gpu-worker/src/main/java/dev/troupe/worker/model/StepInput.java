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

    /** Rows whose next token is wanted: every decode, then those of the chunks in order. */
    public int sampled() {
        return decodes.size() + chunks.stream().mapToInt(Chunk::sampled).sum();
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
     * @param sampled how many of the last rows want the token after them: none inside a prompt, one at its end, all of them
     *     to verify guesses
     */
    public record Chunk(SlotRef slot, int start, TokenIds tokens, int sampled) {
        public Chunk {
            if (sampled < 0 || sampled > tokens.size()) {
                throw new IllegalArgumentException(sampled + " tokens wanted of " + tokens.size() + " rows");
            }
        }
    }
}
