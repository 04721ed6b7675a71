package dev.troupe.worker.model;

import dev.troupe.cluster.message.KvCopy;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.List;

/** A model with its memory for keys and values, as the step engine sees it. It keeps no account of sequences. */
public interface Model extends AutoCloseable {
    /** Tokens from here on are not the model's. */
    int vocab();

    /** The longest sequence, prompt and answer together, that model and memory can hold. */
    int maxTokens();

    /**
     * Copies keys and values of all layers.
     *
     * @throws IllegalArgumentException if a slot or block is outside the memory
     */
    void copy(KvCopy copy);

    /** What the bytes of a block mean. Blocks may be carried from one model to another of the same weights when both say the same. */
    String kvFormat();

    /** Bytes of one block's keys and values of all layers. */
    int blockBytes();

    /**
     * Carries blocks out.
     *
     * @return {@link #blockBytes} of each, in order
     * @throws IllegalArgumentException if a block is outside the memory
     */
    byte[] readBlocks(List<Integer> blocks);

    /**
     * Carries blocks in.
     *
     * @param bytes as {@link #readBlocks} gave them
     * @throws IllegalArgumentException if a block is outside the memory, or there are not {@link #blockBytes} for each; nothing is written then
     */
    void writeBlocks(List<Integer> blocks, byte[] bytes);

    /**
     * Runs one step.
     *
     * @param requests for each wanted token, decodes first and then sampling chunks, what is asked of its logits
     * @return the wanted tokens or what they are drawn from, in the same order; to be closed
     * @throws IllegalArgumentException if the input does not fit the memory, or requests do not fit the input
     */
    StepOutput step(StepInput input, List<LogitRequest> requests);

    @Override
    void close();
}
