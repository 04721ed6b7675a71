package dev.troupe.router.stream;

import dev.troupe.cluster.message.FinishReason;
import dev.troupe.cluster.message.TokenIds;
import dev.troupe.cluster.message.TokenLogprobs;
import dev.troupe.cluster.message.TokenRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One choice's tokens as its workers made them: in order, each once, however they came. */
final class Transcript {
    private int[] tokens = new int[32];
    private int size;
    private final List<TokenLogprobs> logprobs = new ArrayList<>();
    private Optional<FinishReason> finish = Optional.empty();

    /** @return false when tokens before the run are missing; nothing of it was taken then */
    boolean accept(TokenRun run) {
        if (run.firstIndex() > size) {
            return false;
        }
        int known = size - run.firstIndex();
        if (finish.isEmpty() && known <= run.tokens().size()) {
            append(run.tokens(), run.logprobs(), known);
            finish = run.finish().filter(GenerationTracker::isAnswer);
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

    int size() {
        return size;
    }

    TokenIds tokens(int from, int to) {
        return TokenIds.of(Arrays.copyOfRange(tokens, from, to));
    }

    /** @return one a token when asked for, else none */
    List<TokenLogprobs> logprobs(int from, int to) {
        return logprobs.isEmpty() ? List.of() : List.copyOf(logprobs.subList(from, to));
    }

    Optional<FinishReason> finish() {
        return finish;
    }
}
