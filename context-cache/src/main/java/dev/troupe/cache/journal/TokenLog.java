package dev.troupe.cache.journal;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One choice's tokens as they grow: in order, each once, however they come. Mutable; for one thread at a time. */
public final class TokenLog {
    private int[] tokens = new int[32];
    private int size;
    private final List<TokenLogprobs> logprobs = new ArrayList<>();
    private Optional<FinishReason> finish = Optional.empty();

    /** @return false when tokens before these are missing; nothing of them was taken then */
    public boolean append(ChoiceLog more) {
        if (more.from() > size) {
            return false;
        }
        int known = size - more.from();
        if (finish.isEmpty() && known <= more.tokens().size()) {
            append(more.tokens(), more.logprobs(), known);
            finish = more.finish();
        }
        return true;
    }

    private void append(TokenIds more, List<TokenLogprobs> scores, int known) {
        int fresh = more.size() - known;
        if (size + fresh > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(size + fresh, size + size / 2));
        }
        more.copyTo(known, tokens, size, fresh);
        size += fresh;
        if (!scores.isEmpty()) {
            logprobs.addAll(scores.subList(known, scores.size()));
        }
    }

    public int size() {
        return size;
    }

    public Optional<FinishReason> finish() {
        return finish;
    }

    /** @return the tokens from {@code from} inclusive to {@code to} exclusive, and the end when there is one */
    public ChoiceLog slice(int from, int to) {
        return new ChoiceLog(
                from,
                TokenIds.of(Arrays.copyOfRange(tokens, from, to)),
                logprobs.isEmpty() ? List.of() : logprobs.subList(from, to),
                finish);
    }

    /** @return all tokens from {@code from} on, and the end when there is one */
    public ChoiceLog from(int from) {
        return slice(from, size);
    }
}
