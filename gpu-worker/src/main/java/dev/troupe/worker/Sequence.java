package dev.troupe.worker;

import dev.troupe.cluster.message.Attempt;
import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.SamplingParams;
import dev.troupe.cluster.message.SequenceStart;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.worker.sampling.LogitRequest;
import java.util.Arrays;
import java.util.Optional;

/** One running sequence: its prompt and what was generated. Not thread-safe. */
final class Sequence {
    private final SequenceStart start;
    private int[] tokens;
    private int size;
    private final PromptLookup lookup = new PromptLookup();

    Sequence(SequenceStart start) {
        this.start = start;
        tokens = start.prompt().concat(start.generated()).toArray();
        size = tokens.length;
    }

    long id() {
        return start.sequenceId();
    }

    StreamKey key() {
        return new StreamKey(start.attempt(), start.choice());
    }

    Attempt attempt() {
        return start.attempt();
    }

    int choice() {
        return start.choice();
    }

    String routerId() {
        return start.routerId();
    }

    int cachedTokens() {
        return start.cachedTokens();
    }

    SamplingParams sampling() {
        return start.sampling();
    }

    /** Prompt and generated tokens together. */
    int size() {
        return size;
    }

    int generated() {
        return size - start.prompt().size();
    }

    int last() {
        return tokens[size - 1];
    }

    TokenIds slice(int from, int count) {
        return TokenIds.of(Arrays.copyOfRange(tokens, from, from + count));
    }

    /** Guesses of the tokens to come. */
    TokenIds guess(int most) {
        // Each row of a sequence that adjusts its logits would want adjustments of its own.
        boolean plain = !sampling().adjustsLogits();
        return plain ? TokenIds.of(lookup.guess(tokens, size, most)) : TokenIds.EMPTY;
    }

    /** @param right how many of the first guesses turned out to be what comes */
    void guessed(int guesses, int right) {
        lookup.verified(guesses, right);
    }

    void append(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(16, size + size / 2));
        }
        tokens[size++] = token;
    }

    LogitRequest request(int vocab) {
        boolean counts = sampling().adjustsLogits();
        TokenIds said = counts ? slice(start.prompt().size(), generated()) : TokenIds.EMPTY;
        return LogitRequest.of(sampling(), start.prompt(), said, vocab);
    }

    /** Why the sequence ends with its last token, if it does. */
    Optional<FinishReason> finish(int maxTokens) {
        if (sampling().stopTokens().contains(last())) {
            return Optional.of(FinishReason.STOP);
        }
        boolean full = generated() >= sampling().maxTokens() || size >= maxTokens;
        return full ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }
}
